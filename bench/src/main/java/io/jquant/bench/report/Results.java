// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run has measured.
 *
 * @param machine where
 * @param peaks the rulers' speeds in 10^9 operations or bytes a second, by name
 * @param rows the figures
 */
public record Results(Machine machine, Map<String, Double> peaks, List<Row> rows) {
    /** Copies the collections. */
    public Results {
        peaks = new LinkedHashMap<>(peaks);
        rows = List.copyOf(rows);
    }

    /**
     * These results and others of the same machine; of a ruler that both have, the faster.
     *
     * @param other the others
     * @return all results
     */
    public Results plus(Results other) {
        Map<String, Double> all = new TreeMap<>(peaks);
        other.peaks.forEach((name, speed) -> all.merge(name, speed, Math::max));
        List<Row> both = new ArrayList<>(rows);
        both.addAll(other.rows);
        return new Results(machine, all, both);
    }
}

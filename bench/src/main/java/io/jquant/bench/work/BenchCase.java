// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.work;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A line of the table.
 *
 * @param sets the sets that it belongs to, such as {@code quick} or {@code bert}
 * @param operation the operator
 * @param shape the shape, as the operator's class says
 */
public record BenchCase(Set<String> sets, Operation operation, String shape) {
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern COMMA = Pattern.compile(",");

    /** Copies the sets. */
    public BenchCase {
        sets = Set.copyOf(sets);
    }

    static BenchCase parse(String line) {
        List<String> columns = BLANKS.splitAsStream(line.strip()).toList();
        if (columns.size() != 3) {
            throw new IllegalArgumentException("line = " + line + ": must be sets, operator and shape");
        }
        return new BenchCase(Set.of(COMMA.split(columns.get(0))),
                Operation.valueOf(columns.get(1).toUpperCase(Locale.ROOT)),
                columns.get(2));
    }

    /** {@return the work} */
    public Workload work() {
        return operation.work(shape);
    }

    @Override
    public String toString() {
        return operation.spelling() + " " + shape;
    }
}

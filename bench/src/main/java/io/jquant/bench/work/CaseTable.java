// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.work;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** The table of shapes: {@code cases.tsv}, a line each. */
public final class CaseTable {
    private static final String RESOURCE = "/io/jquant/bench/cases.tsv";
    private static final String QUICK = "quick";

    private CaseTable() {
    }

    /** {@return every line} */
    public static List<BenchCase> all() {
        try (InputStream in = CaseTable.class.getResourceAsStream(RESOURCE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#")).map(BenchCase::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Some lines.
     *
     * @param quick whether only those of the set {@code quick}
     * @param filter what must be found in the operator and shape, or be one of the sets
     * @return the lines
     */
    public static List<BenchCase> select(boolean quick, Pattern filter) {
        return all().stream().filter(each -> !quick || each.sets().contains(QUICK))
                .filter(each -> filter.matcher(each.toString()).find()
                        || each.sets().stream().anyMatch(set -> filter.matcher(set).matches()))
                .toList();
    }
}

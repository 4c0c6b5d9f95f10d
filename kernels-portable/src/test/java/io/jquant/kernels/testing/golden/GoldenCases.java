// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing.golden;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.Engine;
import io.jquant.EngineOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One engine in one of its ways to run, beside the peers whose numerics it answers to. */
public abstract class GoldenCases {
    private final EngineOptions options;

    protected GoldenCases(EngineOptions options) {
        this.options = options;
    }

    @Test
    void answersAsThePeersDo() throws IOException {
        DifferenceTable table = DifferenceTable.load();
        try (Engine engine = Engine.open(options)) {
            List<GoldenComparison> comparisons = GoldenComparison.of(engine, table);
            Path report = Path.of("target", "golden-report-" + engine.toString().replace('/', '-') + ".txt");
            Files.writeString(report, new GoldenReport(table, comparisons).text());
            assertAll(comparisons.stream().map(one -> () -> check(one, table)));
        }
    }

    private static void check(GoldenComparison comparison, DifferenceTable table) {
        List<String> expected = Resource.lines("counts.tsv").stream()
                .filter(line -> line.startsWith(comparison.peer().spelling() + "\t")).toList();
        assertAll(
                () -> assertEquals("", String.join("\n", comparison.unlisted()), "differences without a reason"),
                () -> assertEquals("", String.join("\n", comparison.stale(table)), "reasons without a difference"),
                () -> assertEquals(String.join("\n", expected),
                        String.join("\n", GoldenReport.counts(comparison)),
                        "peer, operator, cases, bit-equal, elements, bit-equal"));
    }
}

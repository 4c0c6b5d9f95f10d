// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.report;

import io.jquant.bench.measure.Statistics;
import io.jquant.bench.report.Row.Nanoseconds;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Two runs, row by row.
 *
 * @param lines the rows that both have
 * @param missing rows of the older run that the newer one does not have
 */
public record Comparison(List<Line> lines, List<String> missing) {
    /** Less than this part is never called a change: two runs of the same code differ by as much. */
    private static final double LEAST = 0.02;
    /** How far medians of about twenty rounds vary, as a part of the spread of the rounds: two standard errors. */
    private static final double MEDIANS = 0.3;

    /** Copies the lists. */
    public Comparison {
        lines = List.copyOf(lines);
        missing = List.copyOf(missing);
    }

    /** What has become of a row. */
    public sealed interface Verdict {
    }

    /** Slower, beyond the noise of both runs. */
    public record Slower() implements Verdict {
    }

    /** Faster, beyond the noise of both runs. */
    public record Faster() implements Verdict {
    }

    /** No difference beyond the noise. */
    public record Same() implements Verdict {
    }

    /**
     * A row of both runs.
     *
     * @param key what it is
     * @param ratio its time now by its time then; where both runs measured the hardware's limit, of the parts of it
     * @param noise how far a ratio may be off 1 by noise alone
     * @param verdict what has become of it
     */
    public record Line(String key, double ratio, double noise, Verdict verdict) {
    }

    /**
     * Compares.
     *
     * @param before the older run
     * @param after the newer run
     * @return what has become of each row
     */
    public static Comparison of(Results before, Results after) {
        Map<String, Row> now = new HashMap<>();
        after.rows().forEach(row -> now.put(row.key(), row));
        List<Line> lines = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Row then : before.rows()) {
            Row row = now.get(then.key());
            if (row == null) {
                missing.add(then.key());
            } else {
                lines.add(line(then, row));
            }
        }
        return new Comparison(lines, missing);
    }

    private static Line line(Row before, Row after) {
        double ratio = after.nanoseconds().median() / before.nanoseconds().median();
        if (before.limit().percent() > 0 && after.limit().percent() > 0) {
            // the limit took turns with the work: what slowed the whole machine is not in these
            ratio = before.limit().percent() / after.limit().percent();
        }
        double noise = Math.max(LEAST, MEDIANS * (spread(before.nanoseconds()) + spread(after.nanoseconds())));
        Verdict verdict = ratio > 1 + noise ? new Slower() : ratio < 1 / (1 + noise) ? new Faster() : new Same();
        return new Line(before.key(), ratio, noise, verdict);
    }

    /** Half of the distance from a tenth to nine tenths of the rounds, as a part of the middle. */
    private static double spread(Nanoseconds nanoseconds) {
        return (nanoseconds.high() - nanoseconds.low()) / 2 / nanoseconds.median();
    }

    /** {@return the rows that are slower} */
    public List<Line> slower() {
        return lines.stream().filter(line -> line.verdict() instanceof Slower).toList();
    }

    /**
     * Prints every row, and a line that sums up.
     *
     * @param out where to
     */
    public void print(PrintWriter out) {
        out.println();
        for (Line line : lines) {
            out.printf(Locale.ROOT, "%-8s %-64s time %.3f of before (noise \u00b1%.1f%%)%n", switch (line.verdict()) {
                case Slower slower -> "SLOWER";
                case Faster faster -> "faster";
                case Same same -> "same";
            }, line.key(), line.ratio(), 100 * line.noise());
        }
        missing.forEach(key -> out.println("missing  " + key));
        if (!lines.isEmpty()) {
            out.printf(Locale.ROOT, "%d rows, %d slower, geometric mean of times %.3f of before%n", lines.size(),
                    slower().size(), Statistics.geometricMean(lines.stream().map(Line::ratio).toList()));
        }
        out.flush();
    }
}

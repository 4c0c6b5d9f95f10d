// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.report;

import io.jquant.bench.measure.Statistics;
import io.jquant.bench.report.Row.PeerFigure;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Rows as lines of a terminal, each printed when it is known. */
public final class TextReport {
    private static final String FORMAT = "%-14s %-22s %-24s %12s %10s %7s  %-9s %s%n";

    private final PrintWriter out;

    /**
     * A report.
     *
     * @param out where to
     */
    public TextReport(PrintWriter out) {
        this.out = out;
    }

    /**
     * Prints where the figures come from.
     *
     * @param machine the machine
     * @param threads threads of one call
     */
    public void head(Machine machine, List<Integer> threads) {
        out.println("cpu      " + machine.cpu() + ", " + machine.cores() + " hardware threads");
        out.println("jdk      " + machine.jdk());
        out.println("flags    " + String.join(" ", machine.flags()));
        out.println("threads  " + String.join(", ", threads.stream().map(Object::toString).toList()));
        out.println();
        out.flush();
    }

    /** Prints the columns' names. */
    public void columns() {
        out.printf(FORMAT, "operator", "shape", "tier/isa", "us/call", "speed", "of peak", "bits",
                "peers: jquant is n times as fast");
        out.flush();
    }

    /**
     * Prints a row.
     *
     * @param row the row
     */
    public void row(Row row) {
        String engine = row.engine().equals("fbgemm") ? "" : row.engine() + ":";
        out.printf(FORMAT, row.op(), row.shape(), engine + row.lane(), micros(row), speed(row),
                Double.isNaN(row.limit().percent()) ? "-" : String.format(Locale.ROOT, "%.0f%%", row.limit().percent()),
                row.deviation() == null ? "-" : row.isBitEqual() ? "equal" : row.deviation().toString(),
                peers(row) + (row.steady() ? "" : "  (warm-up did not come to rest)"));
        out.flush();
    }

    /**
     * Prints why something was not measured.
     *
     * @param what the operator and how it was to run
     * @param why the reason
     */
    public void skipped(String what, String why) {
        out.println("SKIPPED  " + what + ": " + why);
        out.flush();
    }

    /**
     * Prints the peaks, and the ratios to each peer in one figure.
     *
     * @param results all results
     */
    public void foot(Results results) {
        out.println();
        out.println("peaks of this run (GOPS or GB/s): " + results.peaks());
        Map<String, List<Double>> ratios = new LinkedHashMap<>();
        for (Row row : results.rows()) {
            row.peers().forEach((name, figure) -> ratios.computeIfAbsent(row.lane() + " / " + name,
                    key -> new ArrayList<>()).add(figure.ratio()));
        }
        ratios.forEach((name, values) -> out.printf(Locale.ROOT, "%-48s geometric mean %.2f, least %.2f, %d shapes%n",
                name, Statistics.geometricMean(values), Statistics.quantile(values, 0), values.size()));
        out.flush();
    }

    private static String micros(Row row) {
        double spread = (row.nanoseconds().high() - row.nanoseconds().low()) / 2 / row.nanoseconds().median();
        return String.format(Locale.ROOT, "%.1f\u00b1%.0f%%", row.nanoseconds().median() / 1000, 100 * spread);
    }

    private static String speed(Row row) {
        return row.isMemoryBound() ? String.format(Locale.ROOT, "%.1f GB/s", row.gigabytes())
                : String.format(Locale.ROOT, "%.1f GOPS", row.gops());
    }

    private static String peers(Row row) {
        List<String> texts = new ArrayList<>();
        row.peers().forEach((name, figure) -> texts.add(text(name, figure)));
        return String.join(", ", texts);
    }

    private static String text(String name, PeerFigure figure) {
        return String.format(Locale.ROOT, "%s%s %.2f%s", name, figure.limited() ? "" : "*", figure.ratio(),
                figure.deviation() == null || figure.deviation().isNone() ? "" : " [" + figure.deviation() + "]");
    }
}

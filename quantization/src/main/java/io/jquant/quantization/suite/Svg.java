// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.suite;

import java.util.List;
import java.util.Locale;

/** Plots as SVG elements to be put into a page, whose style sheet gives the colours. */
final class Svg {
    private static final int ROW = 22;
    private static final int LABELS = 230;
    private static final int VALUES = 60;
    private static final int CHARACTERS = 34;

    /** A name with a value for each series; NaN where there is none. */
    record Row(String label, List<Double> values) {
    }

    private Svg() {
    }

    /**
     * Horizontal bars, one row for each name, the last series in figures as well; the class of series i is
     * {@code s<i>}.
     *
     * @param width of the whole, in pixels
     * @param rows what to draw; an infinite value fills the row
     * @param unit said behind each value
     */
    static String bars(int width, List<Row> rows, String unit) {
        double most = rows.stream().flatMap(row -> row.values().stream()).filter(Double::isFinite)
                .mapToDouble(value -> value).max().orElse(1);
        double scale = (width - LABELS - VALUES) / Math.max(most, 1e-30);
        StringBuilder svg = open(width, rows.size() * ROW + 4);
        int y = 2;
        for (Row row : rows) {
            int thickness = Math.max(3, (ROW - 4) / Math.max(1, row.values().size()));
            svg.append(format("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s<title>%s</title></text>", LABELS - 6,
                    y + ROW / 2 + 2, escape(ending(row.label())), escape(row.label())));
            for (int i = 0; i < row.values().size(); i++) {
                double value = row.values().get(i);
                if (!Double.isNaN(value)) {
                    double length = value == Double.POSITIVE_INFINITY ? most * scale : Math.max(0, value) * scale;
                    svg.append(format("<rect class=\"s%d\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>%s %s"
                            + "</title></rect>", i, LABELS, y + i * thickness, Math.max(1, length), thickness - 1,
                            SuiteReport.decibels(value), unit));
                }
            }
            double last = row.values().getLast();
            svg.append(format("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", width - 4, y + ROW / 2 + 2,
                    Double.isNaN(last) ? "" : SuiteReport.decibels(last)));
            y += ROW;
        }
        return svg.append("</svg>").toString();
    }

    /**
     * Histograms over each other on a common axis, each to its own height.
     *
     * @param width of the whole, in pixels
     * @param height of the whole, in pixels
     * @param distributions what to draw; the class of number i is {@code s<i>}
     */
    static String histograms(int width, int height, List<Distribution> distributions) {
        double low = distributions.stream().mapToDouble(Distribution::min).min().orElse(0);
        double high = distributions.stream().mapToDouble(d -> d.min() + d.counts().length * d.binWidth()).max()
                .orElse(1);
        int floor = height - 16;
        StringBuilder svg = open(width, height);
        for (int i = 0; i < distributions.size(); i++) {
            svg.append(format("<path class=\"h%d\" d=\"%s\"/>", i,
                    outline(distributions.get(i), low, (width - 2) / (high - low), floor)));
        }
        svg.append(format("<line x1=\"1\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>", width - 1, floor, floor));
        svg.append(format("<text x=\"1\" y=\"%d\">%s</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
                height - 3, number(low), width - 1, height - 3, number(high)));
        return svg.append("</svg>").toString();
    }

    /** The outline of a histogram; heights are square roots, so that tails show. */
    private static String outline(Distribution distribution, double low, double scale, int floor) {
        long[] counts = distribution.counts();
        long most = 1;
        for (long count : counts) {
            most = Math.max(most, count);
        }
        double x = 1 + (distribution.min() - low) * scale;
        StringBuilder path = new StringBuilder(format("M%.1f %d", x, floor));
        for (long count : counts) {
            double y = floor - Math.sqrt((double) count / most) * (floor - 4);
            double next = x + distribution.binWidth() * scale;
            path.append(format("L%.1f %.1fL%.1f %.1f", x, y, next, y));
            x = next;
        }
        return path.append(format("L%.1f %dZ", x, floor)).toString();
    }

    private static StringBuilder open(int width, int height) {
        return new StringBuilder(format("<svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">", width,
                height, width, height));
    }

    /** The end of a name that is too long for its place: names of one model begin alike. */
    private static String ending(String label) {
        return label.length() <= CHARACTERS ? label : "..." + label.substring(label.length() - CHARACTERS + 3);
    }

    /** A number with four digits. */
    static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }

    // the annotation that would let formats be checked is in no library that jquant has
    @SuppressWarnings("AnnotateFormatMethod")
    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    /** Text that means itself in a page. */
    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.report;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Every shape by its operations for each byte and its speed, under the roofs that the hardware sets. */
final class RooflineChart {
    private static final int WIDTH = 1080;
    private static final int HEIGHT = 560;
    private static final int LEFT = 70;
    private static final int RIGHT = 190;
    private static final int TOP = 20;
    private static final int BOTTOM = 50;

    private final double leastX;
    private final double mostX;
    private final double leastY;
    private final double mostY;

    private RooflineChart(List<Row> rows, Map<String, Double> peaks) {
        leastX = decade(rows.stream().mapToDouble(RooflineChart::intensity).min().orElse(0.1), false);
        mostX = decade(rows.stream().mapToDouble(RooflineChart::intensity).max().orElse(1000), true);
        leastY = decade(rows.stream().mapToDouble(Row::gops).min().orElse(0.1), false);
        mostY = decade(Math.max(peaks.entrySet().stream().filter(peak -> !isBandwidth(peak.getKey()))
                .mapToDouble(Map.Entry::getValue).max().orElse(1),
                rows.stream().mapToDouble(Row::gops).max().orElse(1)), true);
    }

    static String of(Results results, Palette palette) {
        List<Row> rows = results.rows().stream().filter(row -> row.traffic() > 0).toList();
        return rows.isEmpty() ? "" : new RooflineChart(rows, results.peaks()).draw(rows, results.peaks(), palette);
    }

    private static double intensity(Row row) {
        return row.operations() / row.traffic();
    }

    static boolean isBandwidth(String peak) {
        return peak.startsWith("read_") || peak.startsWith("copy_");
    }

    private static double decade(double value, boolean up) {
        double exponent = Math.log10(value);
        return Math.pow(10, up ? Math.ceil(exponent) : Math.floor(exponent));
    }

    private double x(double intensity) {
        return LEFT + (WIDTH - LEFT - RIGHT) * Math.log(intensity / leastX) / Math.log(mostX / leastX);
    }

    private double y(double gops) {
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * Math.log(gops / leastY) / Math.log(mostY / leastY);
    }

    private String draw(List<Row> rows, Map<String, Double> peaks, Palette palette) {
        Svg svg = new Svg(WIDTH, HEIGHT, "roofline");
        grid(svg);
        roofs(svg, peaks);
        for (Row row : rows) {
            svg.circle(x(intensity(row)), y(row.gops()), 4.5, palette.of("jquant " + row.lane()), String.format(
                    Locale.ROOT, "%s %s, %s: %.1f GOPS, %.1f operations a byte", row.op(), row.shape(), row.lane(),
                    row.gops(), intensity(row)));
        }
        return svg.finish();
    }

    private void grid(Svg svg) {
        for (double tick = leastX; tick <= mostX * 1.001; tick *= 10) {
            svg.line(x(tick), TOP, x(tick), HEIGHT - BOTTOM, "grid");
            svg.label(x(tick), HEIGHT - BOTTOM + 18, "middle", plain(tick));
        }
        for (double tick = leastY; tick <= mostY * 1.001; tick *= 10) {
            svg.line(LEFT, y(tick), WIDTH - RIGHT, y(tick), "grid");
            svg.label(LEFT - 8, y(tick) + 4, "end", plain(tick));
        }
        svg.label((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8, "middle",
                "operations for each byte of operands and results");
        svg.label(LEFT, TOP - 6, "start", "GOPS");
    }

    private void roofs(Svg svg, Map<String, Double> peaks) {
        double above = Double.MAX_VALUE;
        List<Map.Entry<String, Double>> falling = peaks.entrySet().stream().filter(peak -> !isBandwidth(peak.getKey()))
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed()).toList();
        for (Map.Entry<String, Double> peak : falling) {
            double height = y(peak.getValue());
            svg.line(LEFT, height, WIDTH - RIGHT, height, "roof");
            // roofs that lie close together keep their lines and lose a label
            if (Math.abs(height - above) > 12) {
                svg.label(WIDTH - RIGHT + 6, height + 4, "start", peak.getKey() + " " + Math.round(peak.getValue()));
                above = height;
            }
        }
        DoubleSummaryStatistics bandwidths = peaks.entrySet().stream().filter(peak -> isBandwidth(peak.getKey()))
                .mapToDouble(Map.Entry::getValue).summaryStatistics();
        if (bandwidths.getCount() > 0) {
            slope(svg, bandwidths.getMin(), "memory", "start");
        }
        if (bandwidths.getMax() > 1.5 * bandwidths.getMin()) {
            slope(svg, bandwidths.getMax(), "cache", "end");
        }
    }

    /** The roof that a bandwidth sets, as far as it lies within the picture. */
    private void slope(Svg svg, double bandwidth, String name, String anchor) {
        double from = Math.max(leastX, leastY / bandwidth);
        double to = Math.min(mostX, mostY / bandwidth);
        if (from < to) {
            svg.line(x(from), y(from * bandwidth), x(to), y(to * bandwidth), "roof");
            // the two are close together: one is named on its left, the other on its right
            svg.label(x(to) + (anchor.equals("start") ? 6 : -6), y(to * bandwidth) + 14, anchor,
                    String.format(Locale.ROOT, "%s %.0f GB/s", name, bandwidth));
        }
    }

    private static String plain(double tick) {
        return tick >= 1 ? Long.toString(Math.round(tick))
                : String.format(Locale.ROOT, "%.4f", tick).replaceAll("0+$", "");
    }
}

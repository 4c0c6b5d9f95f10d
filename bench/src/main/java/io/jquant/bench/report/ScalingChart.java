// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** How many times as fast a shape is with more threads. */
final class ScalingChart {
    private static final int WIDTH = 520;
    private static final int LEFT = 230;
    private static final int BAR = 14;

    private ScalingChart() {
    }

    /** The chart of the rows of one operator, shape and lane; empty where they have one number of threads. */
    static String of(List<Row> rows, Palette palette) {
        TreeMap<Integer, Double> speeds = new TreeMap<>();
        rows.forEach(row -> speeds.put(row.threads(), row.gops()));
        if (speeds.size() < 2) {
            return "";
        }
        double one = speeds.firstEntry().getValue();
        double most = Math.max(speeds.lastKey(), speeds.values().stream().mapToDouble(v -> v / one).max().orElse(1));
        Svg svg = new Svg(WIDTH, speeds.size() * (BAR + 3) + 4, "scaling of " + rows.getFirst().shape());
        double y = 2;
        for (var speed : speeds.entrySet()) {
            String name = rows.getFirst().op() + " " + rows.getFirst().shape();
            svg.label(LEFT - 6, y + BAR - 3, "end", (speed.getKey().equals(speeds.firstKey()) ? name + "  " : "")
                    + "x" + speed.getKey());
            double width = (WIDTH - LEFT - 50) * speed.getValue() / one / most;
            svg.rectangle(LEFT, y, width, BAR, palette.of("jquant " + rows.getFirst().lane()), name);
            svg.label(LEFT + width + 5, y + BAR - 3, "start",
                    String.format(Locale.ROOT, "%.2f", speed.getValue() / one));
            y += BAR + 3;
        }
        return svg.finish();
    }
}

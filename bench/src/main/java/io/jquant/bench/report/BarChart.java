// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Bars of one shape: jquant in each way that it ran, and every peer. */
final class BarChart {
    private static final int WIDTH = 520;
    private static final int LEFT = 215;
    private static final int BAR = 16;
    private static final int VALUE = 70;

    private BarChart() {
    }

    /** The chart of the rows of one operator and shape; empty where no peer ran. */
    static String of(List<Row> rows, Palette palette) {
        Map<String, Double> bars = new LinkedHashMap<>();
        for (Row row : rows) {
            bars.put("jquant " + row.lane() + (row.threads() == 1 ? "" : " x" + row.threads()), row.gops());
        }
        int own = bars.size();
        for (Row row : rows) {
            row.peers().forEach((name, figure) -> bars.merge(name + (row.threads() == 1 ? "" : " x" + row.threads()),
                    figure.gops(), Math::max));
        }
        if (bars.size() == own) {
            return "";
        }
        double most = bars.values().stream().mapToDouble(Double::doubleValue).max().orElse(1);
        Svg svg = new Svg(WIDTH, bars.size() * (BAR + 4) + 4, rows.getFirst().op() + " " + rows.getFirst().shape());
        double y = 2;
        for (Map.Entry<String, Double> bar : bars.entrySet()) {
            svg.label(LEFT - 6, y + BAR - 4, "end", bar.getKey());
            double width = (WIDTH - LEFT - VALUE) * bar.getValue() / most;
            svg.rectangle(LEFT, y, width, BAR, palette.of(bar.getKey()), bar.getKey());
            svg.label(LEFT + width + 5, y + BAR - 4, "start", String.format(Locale.ROOT, "%.1f", bar.getValue()));
            y += BAR + 4;
        }
        return svg.finish();
    }
}

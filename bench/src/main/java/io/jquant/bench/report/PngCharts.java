// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.report;

import io.jquant.AtomicFile;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler;

/** Bars of operators beside peers, as pictures for documents. */
public final class PngCharts {
    private static final int WIDTH = 1200;
    private static final int HEIGHT = 600;

    private PngCharts() {
    }

    /**
     * Writes {@code linear.png} and {@code conv.png}, each where there are rows of it.
     *
     * @param results what was measured
     * @param folder an existing folder
     * @throws IOException if a file cannot be written
     */
    public static void write(Results results, Path folder) throws IOException {
        for (String op : List.of("linear", "conv")) {
            List<Row> rows = results.rows().stream().filter(row -> row.op().equals(op)).toList();
            if (!rows.isEmpty()) {
                BufferedImage picture = BitmapEncoder.getBufferedImage(chart(op, rows, results.machine()));
                AtomicFile.write(folder.resolve(op + ".png"), out -> ImageIO.write(picture, "png", out));
            }
        }
    }

    private static CategoryChart chart(String op, List<Row> rows, Machine machine) {
        CategoryChart chart = new CategoryChartBuilder().width(WIDTH).height(HEIGHT).title(op + ", " + machine.cpu())
                .xAxisTitle("").yAxisTitle("GOPS").build();
        chart.getStyler().setXAxisLabelRotation(35);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
        List<String> shapes = rows.stream().map(Row::shape).distinct().toList();
        Map<String, Map<String, Double>> series = new LinkedHashMap<>();
        for (Row row : rows) {
            series.computeIfAbsent("jquant " + row.lane(), key -> new LinkedHashMap<>()).put(row.shape(), row.gops());
        }
        for (Row row : rows) {
            row.peers().forEach((name, figure) -> series.computeIfAbsent(name, key -> new LinkedHashMap<>())
                    .merge(row.shape(), figure.gops(), Math::max));
        }
        series.forEach((name, speeds) -> {
            List<Double> values = new ArrayList<>();
            shapes.forEach(shape -> values.add(speeds.getOrDefault(shape, 0.0)));
            chart.addSeries(name, shapes, values);
        });
        return chart;
    }
}

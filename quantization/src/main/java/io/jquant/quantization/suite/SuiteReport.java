// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.suite;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the numeric suite found, to be written as a table, as CSV, as an object for a JSON writer, or as a page.
 *
 * @param title what was compared
 * @param samples on how many samples
 * @param layers the comparison of each layer
 * @param sensitivity what quantizing each layer costs; empty where that was not asked for
 * @param search what a search for a wanted quality found; null where there was none
 */
public record SuiteReport(String title, long samples, List<LayerReport> layers, List<LayerSensitivity> sensitivity,
        MixedPrecision search) {
    private static final String[] FIGURES = {"sqnr", "cosine", "relative_rms", "max_error"};

    /** Copies the lists. */
    public SuiteReport {
        layers = List.copyOf(layers);
        sensitivity = List.copyOf(sensitivity);
    }

    /** {@return all figures by name, for a JSON writer} */
    public Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("title", title);
        map.put("samples", samples);
        map.put("layers", layers.stream().map(LayerReport::asMap).toList());
        map.put("sensitivity", sensitivity.stream().map(LayerSensitivity::asMap).toList());
        map.put("search", search == null ? null : search.asMap());
        return map;
    }

    /** {@return a line for each layer, to be read on a terminal} */
    public String table() {
        StringBuilder text = new StringBuilder();
        text.append(title).append(", ").append(samples).append(" samples\n\n");
        int width = Math.clamp(layers.stream().mapToInt(l -> l.value().length()).max().orElse(5), 5, 40);
        String names = "%-" + width + "s ";
        text.append(String.format(Locale.ROOT, names + "%10s %10s %10s %9s %10s  %s%n", "value", "weights", "alone",
                "end to end", "cosine", "max error", "operators"));
        for (LayerReport layer : layers) {
            text.append(String.format(Locale.ROOT, names + "%10s %10s %10s %9.6f %10.4g  %s%n",
                    cut(layer.value(), width), decibels(layer.weights()), decibels(layer.shadowed()),
                    decibels(layer.endToEnd()), layer.endToEnd().cosine(), layer.endToEnd().maxError(),
                    layer.operators()));
        }
        text.append("\nSignal to quantization noise in dB; alone: the layer's own error, given the float model's "
                + "values\n");
        appendSensitivity(text);
        appendSearch(text);
        return text.toString();
    }

    private void appendSensitivity(StringBuilder text) {
        if (sensitivity.isEmpty()) {
            return;
        }
        int width = Math.clamp(sensitivity.stream().mapToInt(s -> s.node().length()).max().orElse(4), 4, 40);
        String names = "%n%-" + width + "s ";
        text.append(String.format(Locale.ROOT, names + "%18s %18s  %s", "node", "only this int8", "all but this int8",
                "operator"));
        for (LayerSensitivity layer : sensitivity) {
            text.append(String.format(Locale.ROOT, names + "%18s %18s  %s", cut(layer.node(), width),
                    brief(layer.alone()), brief(layer.allBut()), layer.operator()));
        }
        text.append("\n\nSignal to noise of the outputs in dB, and the share of samples with the float answer\n");
    }

    private void appendSearch(StringBuilder text) {
        if (search != null) {
            text.append(String.format(Locale.ROOT, "%nwanted %s %.4g: %s%nevery layer int8: %s%nkept float: %s%n"
                    + "with those float: %s%n", search.target().metric(), search.target().value(),
                    search.isMet() ? "reached" : "not reached", words(search.before()),
                    search.keptFloat().isEmpty() ? "none" : String.join(" ", search.keptFloat()),
                    words(search.after())));
        }
    }

    private static String cut(String name, int width) {
        return name.length() <= width ? name : name.substring(0, width - 3) + "...";
    }

    private static String brief(Quality quality) {
        return decibels(quality.sqnr()) + (Double.isNaN(quality.agreement()) ? ""
                : String.format(Locale.ROOT, " %6.2f%%", 100 * quality.agreement()));
    }

    /** A quality in words. */
    static String words(Quality quality) {
        String agreement = Double.isNaN(quality.agreement()) ? ""
                : String.format(Locale.ROOT, ", %.2f%% of the samples as float", 100 * quality.agreement());
        return String.format(Locale.ROOT, "%s dB, relative RMS %.4g%s", decibels(quality.sqnr()),
                quality.relativeRms(), agreement);
    }

    private static String decibels(TensorError error) {
        return error == null ? "-" : decibels(error.sqnr());
    }

    /** Decibels with one digit; of equal numbers, "equal". */
    static String decibels(double value) {
        return value == Double.POSITIVE_INFINITY ? "equal" : String.format(Locale.ROOT, "%.1f", value);
    }

    /** {@return a line for each layer, fields separated by commas, as RFC 4180 has it} */
    public String csv() {
        StringBuilder text = new StringBuilder("value,operators,nodes");
        for (String part : List.of("weights", "alone", "end_to_end")) {
            for (String figure : FIGURES) {
                text.append(',').append(part).append('_').append(figure);
            }
        }
        text.append("\r\n");
        for (LayerReport layer : layers) {
            text.append(field(layer.value())).append(',').append(field(layer.operators())).append(',')
                    .append(field(String.join(" ", layer.nodes())));
            appendFigures(text, layer.weights());
            appendFigures(text, layer.shadowed());
            appendFigures(text, layer.endToEnd());
            text.append("\r\n");
        }
        return text.toString();
    }

    private static void appendFigures(StringBuilder text, TensorError error) {
        if (error == null) {
            text.append(",".repeat(FIGURES.length));
        } else {
            text.append(',').append(error.sqnr()).append(',').append(error.cosine()).append(',')
                    .append(error.relativeRms()).append(',').append(error.maxError());
        }
    }

    private static String field(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /** {@return a page of its own, with its plots; nothing in it asks for anything over the network} */
    public String html() {
        return new ReportPage(this).text();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.suite;

import java.util.List;
import java.util.Locale;

/** A report as one HTML page that holds its plots and style, runs no script and loads nothing. */
final class ReportPage {
    private static final int WIDTH = 940;
    private static final int PLOT_WIDTH = 300;
    private static final int PLOT_HEIGHT = 110;
    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width">
            <title>{title}</title>
            <style>
            :root { color-scheme: light dark; --a: #9aa5b1; --b: #2f7ed8; --c: #d9822b; --ink: #1f2933;
                    --line: #d5dbe1; }
            @media (prefers-color-scheme: dark) { :root { --ink: #e4e7eb; --line: #3e4c59; } }
            body { font: 14px/1.45 system-ui, sans-serif; color: var(--ink); max-width: 960px; margin: 24px auto;
                   padding: 0 16px; }
            h1 { font-size: 22px; overflow-wrap: anywhere; } h2 { font-size: 17px; margin-top: 32px; }
            table { border-collapse: collapse; margin-top: 12px; font-variant-numeric: tabular-nums; }
            th, td { padding: 3px 10px; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
            th:first-child, td:first-child, td.t, th.t { text-align: left; white-space: normal; }
            td:first-child { min-width: 200px; overflow-wrap: anywhere; } td.t { min-width: 120px; }
            .wide { overflow-x: auto; }
            svg { display: block; max-width: 100%; height: auto; } svg text { font-size: 12px; fill: currentColor; }
            svg line { stroke: currentColor; stroke-width: 1; }
            .s0 { fill: var(--a); } .s1 { fill: var(--c); } .s2 { fill: var(--b); }
            .h0 { fill: var(--b); fill-opacity: .35; stroke: var(--b); } .h1 { fill: none; stroke: var(--c); }
            .key span { display: inline-block; width: 12px; height: 12px; margin: 0 5px 0 14px; }
            .k0 { background: var(--a); } .k1 { background: var(--c); } .k2 { background: var(--b); }
            .plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 16px; }
            .plots h3 { font-size: 13px; margin: 0 0 4px; overflow-wrap: anywhere; }
            figure { margin: 0; } figcaption { font-size: 12px; opacity: .75; }
            </style>
            </head>
            <body>
            <h1>{title}</h1>
            """;

    private final SuiteReport report;
    private final StringBuilder page = new StringBuilder();

    ReportPage(SuiteReport report) {
        this.report = report;
    }

    String text() {
        page.append(HEAD.replace("{title}", Svg.escape(report.title())));
        page.append("<p>").append(report.samples()).append(" samples; signal to quantization noise ratios in dB, the "
                + "more the better, \"equal\" where there is no difference.</p>\n");
        search();
        layers();
        sensitivity();
        distributions();
        return page.append("</body>\n</html>\n").toString();
    }

    private void search() {
        MixedPrecision search = report.search();
        if (search == null) {
            return;
        }
        page.append("<h2>Layers kept float</h2>\n<p>Wanted: ").append(search.target().metric()).append(' ')
                .append(Svg.number(search.target().value())).append(search.isMet() ? ", reached" : ", not reached")
                .append(".</p>\n<table><tr><th>model</th><th class=\"t\">quality of its outputs</th></tr>\n<tr><td>"
                        + "every layer int8</td><td class=\"t\">").append(SuiteReport.words(search.before()))
                .append("</td></tr>\n<tr><td>kept float: ").append(search.keptFloat().isEmpty() ? "none"
                        : Svg.escape(String.join(", ", search.keptFloat()))).append("</td><td class=\"t\">")
                .append(SuiteReport.words(search.after())).append("</td></tr></table>\n");
    }

    private void layers() {
        page.append("<h2>Layers</h2>\n");
        key("weights", "the layer alone, given the float model's values", "end to end");
        page.append(Svg.bars(WIDTH, report.layers().stream().map(layer -> new Svg.Row(layer.value(),
                List.of(sqnr(layer.weights()), sqnr(layer.shadowed()), sqnr(layer.endToEnd())))).toList(), "dB"));
        page.append("\n<div class=\"wide\"><table>\n<tr><th>value</th><th class=\"t\">operators</th><th>weights dB</th>"
                + "<th>alone dB</th><th>end to end dB</th><th>cosine</th><th>relative RMS</th><th>max error</th>"
                + "</tr>\n");
        for (LayerReport layer : report.layers()) {
            TensorError end = layer.endToEnd();
            row(layer.value(), layer.operators(), decibels(layer.weights()), decibels(layer.shadowed()), decibels(end),
                    String.format(Locale.ROOT, "%.6f", end.cosine()), Svg.number(end.relativeRms()),
                    Svg.number(end.maxError()));
        }
        page.append("</table></div>\n");
    }

    private void sensitivity() {
        if (report.sensitivity().isEmpty()) {
            return;
        }
        page.append("<h2>Sensitivity: the outputs' ratio</h2>\n");
        key(null, "all layers int8 but this one", "only this layer int8");
        page.append(Svg.bars(WIDTH, report.sensitivity().stream().map(layer -> new Svg.Row(layer.node(),
                List.of(Double.NaN, layer.allBut().sqnr(), layer.alone().sqnr()))).toList(), "dB"));
        page.append("\n<div class=\"wide\"><table>\n<tr><th>node</th><th class=\"t\">operator</th>"
                + "<th>only this dB</th><th>as float %</th><th>all but this dB</th><th>as float %</th></tr>\n");
        for (LayerSensitivity layer : report.sensitivity()) {
            row(layer.node(), layer.operator(), SuiteReport.decibels(layer.alone().sqnr()), percent(layer.alone()),
                    SuiteReport.decibels(layer.allBut().sqnr()), percent(layer.allBut()));
        }
        page.append("</table></div>\n");
    }

    private void distributions() {
        page.append("<h2>Distributions</h2>\n<p>Filled: the float model's values; line: the int8 model's. Below, the "
                + "differences. Heights are square roots of counts, so that tails show.</p>\n<div class=\"plots\">\n");
        for (LayerReport layer : report.layers()) {
            TensorError end = layer.endToEnd();
            page.append("<figure><h3>").append(Svg.escape(layer.value())).append("</h3>")
                    .append(Svg.histograms(PLOT_WIDTH, PLOT_HEIGHT, List.of(end.exact(), end.actual())))
                    .append(Svg.histograms(PLOT_WIDTH, PLOT_HEIGHT / 2, List.of(end.error())))
                    .append("<figcaption>").append(Svg.escape(layer.operators())).append(", ")
                    .append(decibels(end)).append(" dB</figcaption></figure>\n");
        }
        page.append("</div>\n");
    }

    /** What the colours mean; null where a series is not drawn. */
    private void key(String... names) {
        page.append("<p class=\"key\">");
        for (int i = 0; i < names.length; i++) {
            if (names[i] != null) {
                page.append("<span class=\"k").append(i).append("\"></span>").append(names[i]);
            }
        }
        page.append("</p>\n");
    }

    /** A row of a table whose first two cells are text. */
    private void row(String... cells) {
        page.append("<tr>");
        for (int i = 0; i < cells.length; i++) {
            page.append(i == 1 ? "<td class=\"t\">" : "<td>").append(Svg.escape(cells[i])).append("</td>");
        }
        page.append("</tr>\n");
    }

    private static double sqnr(TensorError error) {
        return error == null ? Double.NaN : error.sqnr();
    }

    private static String decibels(TensorError error) {
        return error == null ? "-" : SuiteReport.decibels(error.sqnr());
    }

    private static String percent(Quality quality) {
        return Double.isNaN(quality.agreement()) ? "-" : String.format(Locale.ROOT, "%.2f", 100 * quality.agreement());
    }
}

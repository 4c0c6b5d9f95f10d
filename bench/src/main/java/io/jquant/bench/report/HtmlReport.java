// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.report;

import io.jquant.bench.report.Row.PeerFigure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Results as one page that needs nothing else: charts and a table that sorts by the column that is clicked. */
public final class HtmlReport {
    private static final String STYLE = """
            body { font: 14px/1.45 system-ui, 'DejaVu Sans', sans-serif; margin: 2rem auto; max-width: 1640px;
                   padding: 0 1rem; color: #1b1b1b; background: #fff; }
            h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
            dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; }
            dt { color: #666; } dd { margin: 0; overflow-wrap: anywhere; }
            svg { max-width: 100%; height: auto; display: block; } svg text { font-size: 12px; fill: #333; }
            .grid { stroke: #ddd; stroke-width: 1; } .roof { stroke: #888; stroke-width: 1.2; stroke-dasharray: 5 3; }
            .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(500px, 1fr)); gap: 1rem 2rem; }
            .charts h3 { font-size: .95rem; margin: .4rem 0; font-weight: 600; }
            .legend span { display: inline-block; margin-right: 1.2rem; white-space: nowrap; }
            .legend i { display: inline-block; width: .8em; height: .8em; margin-right: .35em; border-radius: 50%; }
            .wide { overflow-x: auto; }
            table { border-collapse: collapse; font-size: 11.5px; white-space: nowrap; }
            th, td { padding: .25rem .2rem; border-bottom: 1px solid #e3e3e3; text-align: right; }
            th { cursor: pointer; position: sticky; top: 0; background: #f4f4f2; white-space: normal;
                 vertical-align: bottom; }
            td.text, th.text { text-align: left; } td.worse { color: #b3261e; }
            """;
    private static final String SCRIPT = """
            document.querySelectorAll('th').forEach((head, column) => head.addEventListener('click', () => {
              const body = document.querySelector('tbody');
              const down = head.dataset.down !== '1';
              document.querySelectorAll('th').forEach(other => delete other.dataset.down);
              if (down) { head.dataset.down = '1'; }
              const value = row => { const text = row.cells[column].dataset.value ?? row.cells[column].textContent;
                return text === '' || isNaN(text) ? text : Number(text); };
              [...body.rows].sort((a, b) => { const x = value(a), y = value(b);
                const order = typeof x === 'number' && typeof y === 'number' ? x - y
                  : String(x).localeCompare(String(y));
                return down ? -order : order; }).forEach(row => body.appendChild(row));
            }));
            """;

    private HtmlReport() {
    }

    /**
     * Makes the page.
     *
     * @param results what was measured
     * @param date when
     * @return the page
     */
    public static String of(Results results, String date) {
        Palette palette = new Palette();
        results.rows().forEach(row -> palette.of("jquant " + row.lane()));
        String roofline = RooflineChart.of(results, palette);
        String legend = legend(palette);
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                + "<title>jquant bench</title>\n<style>\n" + STYLE + "</style>\n</head>\n<body>\n"
                + "<h1>jquant bench, " + Svg.escape(date) + "</h1>\n" + head(results)
                + section("Roofline", legend + roofline)
                + section("Speed beside peers (GOPS)", charts(results.rows(), Row::shape,
                        rows -> BarChart.of(rows, palette)))
                + section("Threads (times as fast as with the fewest)",
                        scaling(results.rows(), palette))
                + section("All figures", table(results)) + "<script>\n" + SCRIPT + "</script>\n</body>\n</html>\n";
    }

    private static String head(Results results) {
        StringBuilder text = new StringBuilder("<dl>\n");
        item(text, "CPU", results.machine().cpu() + ", " + results.machine().cores() + " hardware threads");
        item(text, "JDK", results.machine().jdk());
        item(text, "JVM flags", String.join(" ", results.machine().flags()));
        item(text, "Peaks of this run", String.join(", ", results.peaks().entrySet().stream()
                .map(peak -> peak.getKey() + " " + peak.getValue()).toList()) + " (GOPS or GB/s)");
        return text + "</dl>\n";
    }

    private static void item(StringBuilder text, String name, String value) {
        text.append("<dt>").append(name).append("</dt><dd>").append(Svg.escape(value)).append("</dd>\n");
    }

    private static String section(String title, String content) {
        return content.isEmpty() ? "" : "<h2>" + title + "</h2>\n" + content;
    }

    private static String legend(Palette palette) {
        StringBuilder text = new StringBuilder("<p class=\"legend\">");
        palette.given().forEach((name, colour) -> text.append("<span><i style=\"background:").append(colour)
                .append("\"></i>").append(Svg.escape(name)).append("</span>"));
        return text + "</p>\n";
    }

    private static String charts(List<Row> rows, Function<Row, String> by, Function<List<Row>, String> chart) {
        Map<String, List<Row>> groups = new LinkedHashMap<>();
        rows.forEach(row -> groups.computeIfAbsent(row.op() + " " + by.apply(row), key -> new ArrayList<>()).add(row));
        StringBuilder text = new StringBuilder();
        groups.forEach((name, group) -> {
            String drawn = chart.apply(group);
            if (!drawn.isEmpty()) {
                text.append("<div><h3>").append(Svg.escape(name)).append("</h3>\n").append(drawn).append("</div>\n");
            }
        });
        return text.isEmpty() ? "" : "<div class=\"charts\">\n" + text + "</div>\n";
    }

    private static String scaling(List<Row> rows, Palette palette) {
        String drawn = charts(rows, row -> row.shape() + " " + row.lane(), group -> ScalingChart.of(group, palette));
        return drawn.isEmpty() ? "<p>Measured with one number of threads; <code>--threads 1,2</code> compares.</p>\n"
                : drawn;
    }

    private static String table(Results results) {
        Set<String> peers = new LinkedHashSet<>();
        results.rows().forEach(row -> peers.addAll(row.peers().keySet()));
        StringBuilder text = new StringBuilder("<div class=\"wide\"><table>\n<thead><tr>");
        heads(text, "<th class=\"text\">", List.of("operator", "shape", "types", "tier/isa"));
        heads(text, "<th>", List.of("threads", "\u00b5s", "GOPS", "GB/s", "% of peak"));
        heads(text, "<th class=\"text\">", List.of("result"));
        heads(text, "<th>", peers);
        text.append("</tr></thead>\n<tbody>\n");
        results.rows().forEach(row -> row(text, row, peers));
        return text + "</tbody></table></div>\n<p>Columns of peers: how many times as fast jquant is, in the same"
                + " rounds;"
                + " * the peer cannot be limited to the same instruction set; hover for how far its result is off the"
                + " scalar definition, and over \u00b5s for the fastest and the slowest tenth of the rounds.</p>\n";
    }

    private static void heads(StringBuilder text, String tag, Collection<String> names) {
        // a column is as wide as its figures, not as its name
        names.forEach(name -> text.append(tag).append(Svg.escape(name).replace("_", "_<wbr/>")).append("</th>"));
    }

    private static void row(StringBuilder text, Row row, Set<String> peers) {
        text.append("<tr>");
        List.of(row.op(), row.shape(), row.dtype(),
                (row.engine().equals("fbgemm") ? "" : row.engine() + ":") + row.lane())
                .forEach(cell -> text.append("<td class=\"text\">").append(Svg.escape(cell)).append("</td>"));
        number(text, row.threads(), "%.0f");
        text.append(String.format(Locale.ROOT, "<td title=\"a tenth below %.1f, a tenth above %.1f\">%.1f</td>",
                row.nanoseconds().low() / 1000, row.nanoseconds().high() / 1000, row.nanoseconds().median() / 1000));
        number(text, row.gops(), "%.1f");
        number(text, row.isMemoryBound() ? row.gigabytes() : Double.NaN, "%.1f");
        number(text, row.limit().percent(), "%.0f");
        text.append("<td class=\"text\">").append(row.deviation() == null ? "" : Svg.escape(row.deviation().toString()))
                .append(row.steady() ? "" : " (not steady)").append("</td>");
        for (String peer : peers) {
            peer(text, row.peers().get(peer));
        }
        text.append("</tr>\n");
    }

    private static void peer(StringBuilder text, PeerFigure figure) {
        if (figure == null) {
            text.append("<td></td>");
            return;
        }
        text.append(String.format(Locale.ROOT, "<td%s data-value=\"%.4f\" title=\"%.1f GOPS, result %s\">%.2f%s%s</td>",
                figure.ratio() < 1 ? " class=\"worse\"" : "", figure.ratio(), figure.gops(),
                figure.deviation() == null ? "not compared" : Svg.escape(figure.deviation().toString()), figure.ratio(),
                figure.limited() ? "" : "*",
                figure.deviation() == null || figure.deviation().isNone() ? "" : " \u2260"));
    }

    private static void number(StringBuilder text, double value, String format) {
        text.append(Double.isNaN(value) ? "<td></td>" : String.format(Locale.ROOT, "<td>" + format + "</td>", value));
    }
}

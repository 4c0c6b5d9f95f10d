// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.bench.measure.Deviation;
import io.jquant.bench.report.Comparison;
import io.jquant.bench.report.Comparison.Faster;
import io.jquant.bench.report.Comparison.Same;
import io.jquant.bench.report.Comparison.Slower;
import io.jquant.bench.report.HtmlReport;
import io.jquant.bench.report.JsonReader;
import io.jquant.bench.report.Machine;
import io.jquant.bench.report.MarkdownTable;
import io.jquant.bench.report.Results;
import io.jquant.bench.report.ResultsJson;
import io.jquant.bench.report.Row;
import io.jquant.bench.report.Row.Limit;
import io.jquant.bench.report.Row.Nanoseconds;
import io.jquant.bench.report.Row.PeerFigure;
import io.jquant.cli.Json;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/** What is made of figures. */
class ReportTest {
    private static final Machine MACHINE = new Machine("a <CPU>", 2, "25", List.of("-Dx=\"y\""));

    private static Row row(String shape, double median, double spread, double percent) {
        return new Row("linear", shape, "u8s8u8", "fbgemm", "native-code", "avx512_vnni", 1,
                new Nanoseconds(median, median * (1 - spread), median * (1 + spread)), 1e6, 1e4,
                new Limit(percent > 0 ? "vpdpbusd_512" : "", 0, percent > 0 ? percent : Double.NaN),
                new Deviation(10, 0, 0), true,
                Map.of("onednn", new PeerFigure(1e6 / median / 2, 2, new Deviation(10, 1, 1), true)));
    }

    private static Results results(Row... rows) {
        return new Results(MACHINE, Map.of("vpdpbusd_512", 900.0, "read_1MiB", 80.0), List.of(rows));
    }

    @Test
    void jsonHasWhatIsPromisedInItsOrder() {
        Object read = JsonReader.read(Json.of(ResultsJson.write(results(row("1x2x3", 1000, 0.1, 90)), false)));
        Map<?, ?> all = assertInstanceOf(Map.class, read);
        assertEquals(List.of("machine", "peaks", "rows"), List.copyOf(all.keySet()));
        assertEquals(List.of("cpu", "cores", "jdk", "flags"), List.copyOf(((Map<?, ?>) all.get("machine")).keySet()));
        Map<?, ?> row = (Map<?, ?>) ((List<?>) all.get("rows")).getFirst();
        assertEquals(List.of("op", "shape", "dtype", "engine", "tier", "isa", "threads", "nanoseconds", "gops",
                "percentOfPeak", "bitEqual", "peers"), List.copyOf(row.keySet()));
        assertEquals(List.of("median", "low", "high"), List.copyOf(((Map<?, ?>) row.get("nanoseconds")).keySet()));
        assertEquals(Map.of("onednn", Map.of("gops", 500.0, "ratio", 2.0)), row.get("peers"));
        assertEquals(1000.0, row.get("gops"));
    }

    @Test
    void detailsSurvive() {
        Results before = results(row("1x2x3", 1000, 0.1, 90), row("4x5x6", 10, 0, 0));
        Results after = ResultsJson.read(JsonReader.read(Json.of(ResultsJson.write(before, true))));
        assertEquals(before, after);
    }

    @Test
    void brokenJsonIsRefused() {
        for (String text : List.of("", "{", "{\"a\" 1}", "[1 2]", "[1,", "tru", "{} x", "\"\\u12", "[".repeat(100))) {
            assertThrows(IllegalArgumentException.class, () -> JsonReader.read(text), text);
        }
        assertThrows(IllegalArgumentException.class, () -> ResultsJson.read(JsonReader.read("{\"machine\": 1}")));
    }

    @Test
    void onlyWhatIsBeyondTheNoiseIsCalledSlower() {
        Comparison quiet = Comparison.of(results(row("a", 1000, 0.01, 0), row("b", 1000, 0.01, 0), row("c", 1, 0, 0)),
                results(row("a", 1050, 0.01, 0), row("b", 940, 0.01, 0)));
        assertInstanceOf(Slower.class, quiet.lines().get(0).verdict());
        assertInstanceOf(Faster.class, quiet.lines().get(1).verdict());
        assertEquals(1, quiet.missing().size());
        assertEquals(1, quiet.slower().size());
        Comparison noisy = Comparison.of(results(row("a", 1000, 0.2, 0)), results(row("a", 1050, 0.2, 0)));
        assertInstanceOf(Same.class, noisy.lines().getFirst().verdict());
    }

    @Test
    void aSlowMachineIsNoSlowKernel() {
        Comparison drift = Comparison.of(results(row("a", 1000, 0.01, 90)), results(row("a", 1500, 0.01, 90)));
        assertInstanceOf(Same.class, drift.lines().getFirst().verdict());
    }

    @Test
    void theTableHasAColumnForEveryone() {
        String table = MarkdownTable.of(results(row("1x2x3", 1000, 0.1, 90), row("4x5x6", 1e6, 0, 0)),
                "./jquant bench", "2026-11-24");
        assertTrue(table.startsWith("From `./jquant bench` (2026-11-24, a <CPU>, JDK 25): GOPS"), table);
        assertTrue(table.contains("""
                | one thread | jquant native-code/avx512_vnni | of peak | onednn |
                |---|---|---|---|
                | linear 1x2x3 | **1000** | 90% | 500 |
                | linear 4x5x6 | **1.0** |  | 0.5 |
                """), table);
        assertTrue(table.contains("Every row of jquant is bit-equal"), table);
        assertTrue(table.contains("is, in geometric mean, 2.00 times as fast as onednn (least 2.00)"), table);
    }

    @Test
    void whatTookTurnsSharesATable() {
        Row first = row("1x2x3", 1000, 0.1, 90);
        String table = MarkdownTable.of(results(first, row("4x5x6", 1000, 0.1, 90), first), "", "2026-11-24");
        assertEquals(3, table.split("\\| one thread \\|", -1).length, table);
    }

    @Test
    void tablesGoWhereADocumentWantsThem() {
        String document = "a\n<!-- bench -->\nold\n<!-- /bench -->\nb\n";
        assertEquals("a\n<!-- bench -->\nnew\n<!-- /bench -->\nb\n", MarkdownTable.into(document, "new\n"));
        assertEquals("a\r\n<!-- bench -->\r\nnew\n<!-- /bench -->\r\n",
                MarkdownTable.into("a\r\n<!-- bench -->\r\nold\r\n<!-- /bench -->\r\n", "new\n"));
        assertEquals("<!-- bench -->\nnew\n<!-- /bench -->",
                MarkdownTable.into("<!-- bench -->\n<!-- /bench -->", "new\n"));
        for (String other : List.of("", "text\n", "in a line: <!-- bench -->\n")) {
            assertEquals("new\n", MarkdownTable.into(other, "new\n"));
        }
        for (String half : List.of("<!-- bench -->\n", "<!-- /bench -->\n", "<!-- /bench -->\n<!-- bench -->\n")) {
            assertThrows(IllegalArgumentException.class, () -> MarkdownTable.into(half, "new\n"), half);
        }
    }

    @Test
    void thePageIsWellFormedAndAsksForNothing() throws Exception {
        String page = HtmlReport.of(results(row("1x2x3", 1000, 0.1, 90), row("4x5x6", 10, 0, 0)), "2026-11-24");
        String body = page.substring(page.indexOf("<body>"), page.indexOf("<script>"));
        String xml = body + "</body>";
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
        assertFalse(page.contains("src=") || page.contains("href=") || page.contains("url(") || page.contains("http"));
        assertTrue(page.contains("<svg") && page.contains("a &lt;CPU&gt;") && page.contains("1x2x3"));
    }
}

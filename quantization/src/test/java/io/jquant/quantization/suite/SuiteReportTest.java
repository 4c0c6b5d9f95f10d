// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.suite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.graph.Model;
import io.jquant.graph.Tensor;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/** Figures, and how they are written. */
class SuiteReportTest {
    private static TensorError error(float[] x, float[] y) {
        ErrorSum sum = new ErrorSum();
        sum.add("v", Tensor.of(x, x.length), Tensor.of(y, y.length));
        return sum.result();
    }

    private static SuiteReport report(String value) {
        TensorError some = error(new float[] {1, -2, 3}, new float[] {1.5f, -2, 3});
        TensorError none = error(new float[] {1, 0}, new float[] {1, 0});
        Quality quality = new Quality(0.5, 20, 0.1);
        Model model = Models.residual(new Random(1), "r");
        return new SuiteReport("a < b & c", 3, List.of(new LayerReport(value, "Conv + Relu", List.of("n1", "n2"), some,
                some, none), new LayerReport("y", "Add", List.of("n3"), null, none, some)),
                List.of(new LayerSensitivity("n1", "Conv", quality,
                        new Quality(Double.NaN, Double.POSITIVE_INFINITY, 0))),
                new MixedPrecision(new Target(Target.Metric.SQNR, 15), List.of("n1"), quality, quality, true, model));
    }

    @Test
    void figuresAreWhatTheyAreCalled() {
        TensorError error = error(new float[] {3, 0, 4}, new float[] {3, 0, 5});
        assertEquals(20 * Math.log10(5), error.sqnr(), 1e-12);
        assertEquals(0.2, error.relativeRms(), 1e-12);
        assertEquals(29 / (5 * Math.sqrt(34)), error.cosine(), 1e-12);
        assertEquals(1, error.maxError());
        assertEquals(Double.POSITIVE_INFINITY, error(new float[] {1}, new float[] {1}).sqnr());
        assertTrue(Double.isNaN(error(new float[0], new float[0]).sqnr()));
        TensorError masked = error(new float[] {Float.NEGATIVE_INFINITY, 1, Float.NaN},
                new float[] {Float.NEGATIVE_INFINITY, 1, 0});
        assertEquals(1, masked.count());
        assertEquals(1, masked.unequal());
    }

    @Test
    void distributionsKeepEveryNumberWhateverItsSize() {
        Distribution distribution = new Distribution();
        assertTrue(distribution.isEmpty());
        DoubleStream.of(0, 0.001, -0.001, 0.5, -3, 1e6, -1e-9).forEach(distribution::add);
        assertEquals(7, java.util.stream.LongStream.of(distribution.counts()).sum());
        assertTrue(distribution.min() <= -3 && distribution.min() + distribution.counts().length
                * distribution.binWidth() >= 1e6);
        Distribution ordered = new Distribution();
        DoubleStream.of(1e6, -3, 0.5, 0, -0.001, 0.001, -1e-9).forEach(ordered::add);
        assertArrayEquals(ordered.counts(), distribution.counts());
        Distribution quarters = new Distribution();
        DoubleStream.of(0.5, 0.75, 0.75, -0.5).forEach(quarters::add);
        assertEquals(-0.5, quarters.min());
        assertEquals(1, quarters.counts()[0]);
        assertEquals(2, quarters.counts()[quarters.counts().length - 1]);
    }

    @Test
    void csvIsQuotedWhereItMust() {
        List<String> lines = report("a,\"b\"").csv().lines().toList();
        assertEquals(3, lines.size());
        assertTrue(lines.get(0).startsWith("value,operators,nodes,weights_sqnr,weights_cosine,"), lines.get(0));
        assertTrue(lines.get(1).startsWith("\"a,\"\"b\"\"\",Conv + Relu,n1 n2,"), lines.get(1));
        assertTrue(lines.get(2).startsWith("y,Add,n3,,,,,Infinity,1.0,0.0,0.0,"), lines.get(2));
        assertEquals(15, lines.get(2).split(",", -1).length);
    }

    @Test
    void theTableSaysAllAndCutsLongNames() {
        String table = report("v".repeat(100)).table();
        for (String part : List.of("a < b & c, 3 samples", "equal", "Conv + Relu", "wanted SQNR 15.00: reached",
                "kept float: n1", "50.00%", "v".repeat(37) + "...")) {
            assertTrue(table.contains(part), part + " in " + table);
        }
        assertTrue(table.lines().allMatch(line -> line.length() <= 120), table);
    }

    @Test
    void thePageStandsAloneAndEscapesNames() throws Exception {
        String page = report("<script>alert(1)</script>\"&").html();
        assertFalse(page.contains("<script"), page);
        assertTrue(page.contains("&lt;script&gt;") && page.contains("a &lt; b &amp; c"), page);
        for (String loads : List.of("src=", "href=", "http:", "https:", "url(", "@import")) {
            assertFalse(page.contains(loads), loads);
        }
        // every picture is well-formed
        int pictures = 0;
        for (int at = page.indexOf("<svg"); at >= 0; at = page.indexOf("<svg", at + 1)) {
            String svg = page.substring(at, page.indexOf("</svg>", at) + 6);
            DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
            assertFalse(svg.contains("NaN") || svg.contains("Infinity"), svg);
            pictures++;
        }
        assertEquals(2 + 2 * 2, pictures);
    }

    @Test
    void figuresAreNamedForJson() {
        Map<String, Object> map = report("v").asMap();
        assertEquals(List.of("title", "samples", "layers", "sensitivity", "search"), List.copyOf(map.keySet()));
        assertEquals(List.of("n1"), ((Map<?, ?>) map.get("search")).get("keptFloat"));
    }
}

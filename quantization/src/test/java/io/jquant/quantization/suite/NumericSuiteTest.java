// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.Engine;
import io.jquant.graph.Model;
import io.jquant.graph.Tensor;
import io.jquant.graph.exec.Executor;
import io.jquant.quantization.Cifar;
import io.jquant.quantization.QConfigs;
import io.jquant.quantization.StaticOptions;
import io.jquant.quantization.StaticQuantizer;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The suite's figures against others worked out one by one, and the search on a model that was made to fail. */
class NumericSuiteTest {
    private static final StaticOptions OPTIONS = StaticOptions.forEngine("fbgemm").with(QConfigs.minMax());
    private final Random random = new Random(3);

    private static StaticQuantizer calibrated(Model model, List<Map<String, Tensor>> batches) {
        StaticQuantizer quantizer = StaticQuantizer.prepare(model, OPTIONS);
        batches.forEach(quantizer::calibrate);
        return quantizer;
    }

    /** Every value of a run, copied. */
    private static Map<String, float[]> trace(Model model, Map<String, Tensor> batch) {
        Map<String, float[]> values = new HashMap<>();
        Executor.plan(model).run(batch, (name, value) -> values.put(name, value.toFloats()));
        return values;
    }

    private static double sqnr(float[] x, float[] y) {
        double power = 0;
        double noise = 0;
        for (int i = 0; i < x.length; i++) {
            power += (double) x[i] * x[i];
            noise += ((double) x[i] - y[i]) * ((double) x[i] - y[i]);
        }
        return 20 * Math.log10(Math.sqrt(power) / Math.sqrt(noise));
    }

    @Test
    void layersAreThoseOfTheQuantizedGraphAndTheirFiguresThoseOfARunOfItsOwn() {
        Model model = Models.residual(random, "r1");
        List<Map<String, Tensor>> batches = Models.batches(random, 2);
        StaticQuantizer quantizer = calibrated(model, batches);
        Model quantized = quantizer.convert();
        NumericSuite suite = NumericSuite.of(quantizer.prepared(), quantized);
        Map<String, Tensor> batch = batches.getFirst();
        suite.compare(batch);
        List<LayerReport> layers = suite.layers();
        assertEquals(List.of("r1", "c2", "y"), layers.stream().map(LayerReport::value).toList());
        assertEquals(List.of("Conv + Relu", "Conv", "Add"), layers.stream().map(LayerReport::operators).toList());
        assertEquals(List.of("node_c1", "r1"), layers.getFirst().nodes());

        Map<String, float[]> exact = trace(quantizer.prepared(), batch);
        Map<String, float[]> actual = trace(quantized, batch);
        assertEquals(sqnr(exact.get("r1"), actual.get("r1_dequantized")), layers.get(0).endToEnd().sqnr(), 1e-9);
        assertEquals(sqnr(exact.get("c2"), actual.get("c2_dequantized")), layers.get(1).endToEnd().sqnr(), 1e-9);
        assertEquals(sqnr(exact.get("y"), actual.get("y")), layers.get(2).endToEnd().sqnr(), 1e-9);
        // nothing is before the first layer, so that its own error is all of it
        assertEquals(layers.get(0).endToEnd().sqnr(), layers.get(0).shadowed().sqnr());
        assertTrue(layers.get(2).shadowed().sqnr() > layers.get(2).endToEnd().sqnr(), layers.toString());
        assertNotNull(layers.get(1).weights());
        assertTrue(layers.get(1).weights().sqnr() > 35 && layers.get(1).weights().count() == 4 * 4 * 9);
        assertNull(layers.get(2).weights());
    }

    @Test
    void aShadowedLayerReadsTheFloatModelsValues() {
        // every layer but the second kept float: its own error is then that of the whole
        StaticQuantizer quantizer = calibrated(Models.residual(random, "r1"), Models.batches(random, 2));
        Map<String, Tensor> batch = Models.batches(random, 1).getFirst();
        NumericSuite all = NumericSuite.of(quantizer.prepared(), quantizer.convert());
        all.compare(batch);
        NumericSuite one = NumericSuite.of(quantizer.prepared(),
                quantizer.convert((node, config) -> node.name().equals("node_c2") ? config : null));
        one.compare(batch);
        LayerReport shadowed = all.layers().get(1);
        LayerReport alone = one.layers().stream().filter(layer -> layer.value().equals("c2")).findFirst().orElseThrow();
        assertEquals(alone.endToEnd().noise(), shadowed.shadowed().noise());
    }

    @Test
    void modelsThatAreNotOfOneKindAreRefused() {
        Model model = Models.residual(random, "r1");
        Model other = new Model(8, Map.of("", 17), "", "", Map.of(), model.graph());
        assertThrows(IllegalArgumentException.class, () -> NumericSuite.of(model, null));
        String message = assertThrows(IllegalArgumentException.class, () -> NumericSuite.of(model, other)).getMessage();
        assertTrue(message.contains("opset of the quantized model = 17: must be that of the float model, 13"), message);
    }

    @Test
    void aModelWithAnOutlierChannelIsFoundAndMended() throws IOException {
        Model model = Models.withOutlierChannel(Cifar.resnet8(), "/b1/conv1/conv1.0/Conv", 1000);
        StaticQuantizer quantizer = calibrated(model, Cifar.batches("cifar10-lossless-calibration.bin", 16)
                .subList(0, 2));
        List<Map<String, Tensor>> data = Cifar.batches("cifar10-lossless-test1017.bin", 8).subList(0, 1);
        try (Engine engine = Engine.open()) {
            int[] runs = {0};
            PrecisionSearch search = new PrecisionSearch(quantizer, OPTIONS.overrides(), engine, data,
                    run -> runs[0] = run);
            List<LayerSensitivity> sensitivity = search.sensitivity();
            assertEquals(search.sensitivityRuns(), runs[0]);
            MixedPrecision found = search.find(new Target(Target.Metric.SQNR, 20), sensitivity);
            assertTrue(found.before().sqnr() < 10, found.before().toString());
            assertTrue(found.isMet() && found.after().sqnr() >= 20, found.after().toString());
            // whoever quantizes the value between the two convolutions loses the other channels
            assertEquals(List.of("/b1/conv1/conv1.0/Conv", "/b1/conv2/Conv"), found.keptFloat().stream().sorted()
                    .toList());
            MixedPrecision nothing = search.find(new Target(Target.Metric.RMS, 10), sensitivity);
            assertTrue(nothing.isMet() && nothing.keptFloat().isEmpty(), nothing.toString());
        }
    }
}

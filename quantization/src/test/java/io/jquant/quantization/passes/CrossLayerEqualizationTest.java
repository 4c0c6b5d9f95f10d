// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.passes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.DataType;
import io.jquant.graph.Attribute;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.exec.Executor;
import io.jquant.quantization.ObserverOptions;
import io.jquant.quantization.QConfig;
import io.jquant.quantization.QConfigs;
import io.jquant.quantization.Quantizer;
import io.jquant.quantization.StaticOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Networks whose channels have ranges from 1 to 300: the same function with channels alike, and better in int8. */
class CrossLayerEqualizationTest {
    private static final int CHANNELS = 8;
    private static final long[] IMAGES = {4, 3, 10, 10};
    private static final long[] ROWS = {64, 12};

    private final Random random = new Random(11);
    private final GraphBuilder builder = new GraphBuilder();

    private Tensor values(long... sizes) {
        Tensor made = Tensor.allocate(DataType.F32, sizes);
        for (int i = 0; i < made.count(); i++) {
            made.floats()[i] = (float) random.nextGaussian();
        }
        return made;
    }

    /** How much larger a channel is than the first: 1 to 300, in no order. */
    private static double size(int channel) {
        return Math.pow(300, channel * 3 % CHANNELS / (CHANNELS - 1.0));
    }

    /** Weights whose output channels (first axis) grow by, and whose input channels (second) shrink by, their sizes. */
    private String weights(boolean grow, boolean shrink, long... sizes) {
        Tensor weights = values(sizes);
        int perFirst = weights.count() / weights.dim(0);
        int perSecond = perFirst / weights.dim(1);
        for (int i = 0; i < weights.count(); i++) {
            double factor = (grow ? size(i / perFirst) : 1) / (shrink ? size(i % perFirst / perSecond) : 1);
            weights.floats()[i] *= (float) (factor / Math.sqrt(perFirst));
        }
        return builder.addInitializer("w", weights);
    }

    private String bias(boolean grow, int channels) {
        Tensor bias = values(channels);
        for (int i = 0; i < channels; i++) {
            bias.floats()[i] *= (float) (0.1 * (grow ? size(i) : 1));
        }
        return builder.addInitializer("b", bias);
    }

    private void node(String opType, String output, Map<String, Attribute> attributes, String... inputs) {
        builder.add(new Node(opType, List.of(inputs), List.of(output), attributes));
    }

    private Model model(String output, long... input) {
        builder.input(new ValueInfo("x", DataType.F32, Shape.of(input)));
        builder.output(new ValueInfo(output, DataType.F32, Shape.UNKNOWN));
        return new Model(8, Map.of("", 13), "", "", Map.of(), builder.build());
    }

    /** Convolution, depthwise convolution, convolution: those of a MobileNet. */
    private Model convolutions() {
        Map<String, Attribute> padded = Map.of("pads", Attribute.ofInts(1, 1, 1, 1));
        node("Conv", "c1", padded, "x", weights(true, false, CHANNELS, 3, 3, 3), bias(true, CHANNELS));
        node("Relu", "r1", Map.of(), "c1");
        node("Conv", "c2", Map.of("pads", Attribute.ofInts(1, 1, 1, 1), "group", Attribute.of(CHANNELS)), "r1",
                weights(false, false, CHANNELS, 1, 3, 3), bias(true, CHANNELS));
        node("Relu", "r2", Map.of(), "c2");
        node("Conv", "y", Map.of(), "r2", weights(false, true, 5, CHANNELS, 1, 1), bias(false, 5));
        return model("y", IMAGES);
    }

    private Model layers() {
        Map<String, Attribute> transposed = Map.of("transB", Attribute.of(1));
        node("Gemm", "g1", transposed, "x", weights(true, false, CHANNELS, 12), bias(true, CHANNELS));
        node("Relu", "r1", Map.of(), "g1");
        node("Gemm", "y", transposed, "r1", weights(false, true, 5, CHANNELS));
        return model("y", ROWS);
    }

    private static float[] run(Model model, Tensor x) {
        return Executor.plan(model).run(Map.of("x", x)).get("y").toFloats();
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static double sqnr(float[] exact, float[] found) {
        double signal = 0;
        double noise = 0;
        for (int i = 0; i < exact.length; i++) {
            signal += (double) exact[i] * exact[i];
            noise += (double) (exact[i] - found[i]) * (exact[i] - found[i]);
        }
        return 10 * Math.log10(signal / noise);
    }

    private void assertSameFunction(Model model, long... input) {
        Model equalized = new CrossLayerEqualization().apply(model);
        assertNotEquals(model.graph(), equalized.graph());
        Tensor x = values(input);
        float[] exact = run(model, x);
        assertArrayEquals(exact, run(equalized, x), (float) (1e-5 * largest(exact)));
    }

    @Test
    void convolutionsKeepTheirFunction() {
        assertSameFunction(convolutions(), IMAGES);
    }

    @Test
    void linearLayersKeepTheirFunction() {
        assertSameFunction(layers(), ROWS);
    }

    @Test
    void channelsOfAPairGetTheSameRange() {
        Model equalized = new CrossLayerEqualization().apply(layers());
        List<float[]> ranges = new ArrayList<>();
        for (Node node : equalized.graph().nodes()) {
            if (node.is("Gemm")) {
                Tensor weights = equalized.graph().initializers().get(node.input(1));
                boolean first = node.output(0).equals("g1");
                float[] most = new float[CHANNELS];
                for (int i = 0; i < weights.count(); i++) {
                    int channel = first ? i / weights.dim(1) : i % weights.dim(1);
                    most[channel] = Math.max(most[channel], Math.abs(weights.floats()[i]));
                }
                ranges.add(most);
            }
        }
        assertEquals(2, ranges.size());
        for (int channel = 0; channel < CHANNELS; channel++) {
            assertEquals(1, ranges.get(0)[channel] / ranges.get(1)[channel], 1e-5, "channel " + channel);
        }
    }

    /** With a scale for a whole tensor, small channels vanish beside large ones: the case that equalization is for. */
    private void assertBetter(Model model, double gain, long... input) {
        QConfig perTensor = QConfigs.minMax().withWeightPerTensor(ObserverOptions.symmetric(DataType.S8));
        List<Map<String, Tensor>> calibration = List.of(Map.of("x", values(input)), Map.of("x", values(input)));
        Tensor x = values(input);
        float[] exact = run(model, x);
        double[] found = new double[2];
        for (int i = 0; i < 2; i++) {
            found[i] = sqnr(exact, run(Quantizer.staticQuantize(model, calibration,
                    StaticOptions.forEngine("fbgemm").with(perTensor).withEqualization(i == 1)), x));
        }
        assertTrue(found[1] >= found[0] + gain, found[0] + " dB without, " + found[1] + " dB with");
    }

    @Test
    void convolutionsAreBetterInInt8() {
        assertBetter(convolutions(), 10, IMAGES);
    }

    @Test
    void linearLayersAreBetterInInt8() {
        assertBetter(layers(), 10, ROWS);
    }

    @Test
    void aValueThatOthersReadIsLeftAlone() {
        node("Conv", "c", Map.of(), "x", weights(true, false, CHANNELS, 3, 1, 1));
        node("Conv", "d", Map.of(), "c", weights(false, true, CHANNELS, CHANNELS, 1, 1));
        node("Add", "y", Map.of(), "c", "d");
        Model model = model("y", IMAGES);
        assertEquals(model.graph().nodes(), new CrossLayerEqualization().apply(model).graph().nodes());
    }
}

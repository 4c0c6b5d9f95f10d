// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.passes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.DataType;
import io.jquant.graph.Attribute;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.exec.Executor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A pass leaves fewer nodes that compute the same. */
class PassesTest {
    private static final long SEED = 7;

    private final Random random = new Random(SEED);
    private final GraphBuilder builder = new GraphBuilder();

    private String constant(String name, long... sizes) {
        return builder.addInitializer(name, values(sizes));
    }

    private Tensor values(long... sizes) {
        float[] data = new float[Tensor.count(sizes)];
        for (int i = 0; i < data.length; i++) {
            data[i] = random.nextFloat() + 0.25f;
        }
        return Tensor.of(data, sizes);
    }

    private void node(String opType, String output, Map<String, Attribute> attributes, String... inputs) {
        builder.add(new Node(opType, List.of(inputs), List.of(output), attributes));
    }

    private Model model(long[] input, String output) {
        builder.input(new ValueInfo("x", DataType.F32, Shape.of(input)));
        builder.output(new ValueInfo(output, DataType.F32, Shape.UNKNOWN));
        return new Model(8, Map.of("", 14), "", "", Map.of(), builder.build());
    }

    private void assertBecomes(GraphPass pass, Model model, long[] input, String... opTypes) {
        Model changed = pass.apply(model);
        assertEquals(List.of(opTypes), changed.graph().nodes().stream().map(Node::opType).toList());
        Map<String, Tensor> inputs = Map.of("x", values(input));
        String output = model.graph().outputs().getFirst().name();
        assertArrayEquals(Executor.plan(model).run(inputs).get(output).toFloats(),
                Executor.plan(changed).run(inputs).get(output).toFloats(), 1e-4f, "seed " + SEED);
    }

    private void batchNorm(String input, String output, long channels) {
        node("BatchNormalization", output, Map.of("epsilon", Attribute.of(1e-3f)), input, constant("gamma", channels),
                constant("beta", channels), constant("mean", channels), constant("var", channels));
    }

    @Test
    void batchNormIntoConv() {
        long[] input = {2, 4, 5, 5};
        node("Conv", "c", Map.of("group", Attribute.of(2)), "x", constant("w", 6, 2, 3, 3));
        batchNorm("c", "y", 6);
        assertBecomes(new BatchNormFolding(), model(input, "y"), input, "Conv");
    }

    @Test
    void batchNormIntoConvTransposeWithGroups() {
        long[] input = {2, 4, 5, 5};
        node("ConvTranspose", "c", Map.of("group", Attribute.of(2)), "x", constant("w", 4, 3, 2, 2),
                constant("b", 6));
        batchNorm("c", "y", 6);
        assertBecomes(new BatchNormFolding(), model(input, "y"), input, "ConvTranspose");
    }

    @Test
    void batchNormIntoGemm() {
        long[] input = {2, 4};
        node("Gemm", "c", Map.of("transB", Attribute.of(1)), "x", constant("w", 3, 4), constant("b", 3));
        batchNorm("c", "y", 3);
        assertBecomes(new BatchNormFolding(), model(input, "y"), input, "Gemm");
    }

    @Test
    void batchNormStaysWhereItsInputIsReadTwice() {
        long[] input = {2, 4, 5, 5};
        node("Conv", "c", Map.of(), "x", constant("w", 6, 4, 3, 3));
        batchNorm("c", "n", 6);
        node("Add", "y", Map.of(), "c", "n");
        assertBecomes(new BatchNormFolding(), model(input, "y"), input, "Conv", "BatchNormalization", "Add");
    }

    @Test
    void padIntoConv() {
        long[] input = {2, 4, 5, 5};
        builder.putInitializer("p", Tensor.of(new long[] {0, 0, 1, 2, 0, 0, 0, 3}, 8));
        node("Pad", "padded", Map.of(), "x", "p");
        node("Conv", "y", Map.of("pads", Attribute.ofInts(1, 0, 1, 0)), "padded", constant("w", 6, 4, 3, 3));
        assertBecomes(new PadFolding(), model(input, "y"), input, "Conv");
    }

    @Test
    void padWithOnesStays() {
        long[] input = {2, 4, 5, 5};
        builder.putInitializer("p", Tensor.of(new long[] {0, 0, 1, 2, 0, 0, 0, 3}, 8));
        builder.putInitializer("v", Tensor.scalar(1));
        node("Pad", "padded", Map.of(), "x", "p", "v");
        node("Conv", "y", Map.of(), "padded", constant("w", 6, 4, 3, 3));
        assertBecomes(new PadFolding(), model(input, "y"), input, "Pad", "Conv");
    }

    @Test
    void factorsOfGemm() {
        long[] input = {2, 4};
        node("Gemm", "y", Map.of("alpha", Attribute.of(0.5f), "beta", Attribute.of(2f)), "x", constant("w", 4, 3),
                constant("b", 1, 3));
        Model model = model(input, "y");
        assertBecomes(new GemmNormalization(), model, input, "Gemm");
        Node changed = new GemmNormalization().apply(model).graph().nodes().getFirst();
        assertEquals(Map.of("transB", Attribute.of(1)), changed.attributes());
    }

    @Test
    void gemmWithABiasPerRowStays() {
        long[] input = {2, 4};
        node("Gemm", "y", Map.of("alpha", Attribute.of(0.5f)), "x", constant("w", 4, 3), constant("b", 2, 1));
        Model model = model(input, "y");
        assertEquals(model.graph().nodes(), new GemmNormalization().apply(model).graph().nodes());
    }

    private String scalar(float value) {
        return builder.addInitializer("scalar", Tensor.scalar(value));
    }

    /** Both sides of the bounds and between them, which {@link #values} has not. */
    private void shiftedInput() {
        node("Mul", "wide", Map.of(), "x", scalar(16));
        node("Sub", "s", Map.of(), "wide", scalar(12));
    }

    @Test
    void hardSwishFromHardSigmoid() {
        long[] input = {4, 50};
        shiftedInput();
        node("HardSigmoid", "gate", Map.of("alpha", Attribute.of(1f / 6), "beta", Attribute.of(0.5f)), "s");
        node("Mul", "y", Map.of(), "gate", "s");
        assertBecomes(new HardSwishFusion(), model(input, "y"), input, "Mul", "Sub", "HardSwish");
    }

    @Test
    void hardSwishFromClipInEitherOrder() {
        for (boolean swapped : new boolean[] {false, true}) {
            PassesTest one = new PassesTest();
            long[] input = {4, 50};
            one.shiftedInput();
            String three = one.scalar(3);
            one.node("Add", "plus", Map.of(), swapped ? three : "s", swapped ? "s" : three);
            one.node("Clip", "gate", Map.of(), "plus", one.scalar(0), one.scalar(6));
            one.node("Mul", "product", Map.of(), swapped ? "gate" : "s", swapped ? "s" : "gate");
            one.node("Div", "y", Map.of(), "product", one.scalar(6));
            one.assertBecomes(new HardSwishFusion(), one.model(input, "y"), input, "Mul", "Sub", "HardSwish");
        }
    }

    @Test
    void whatIsAlmostAHardSwishStays() {
        long[] input = {4, 50};
        // ONNX's default slope is a fifth
        node("HardSigmoid", "fifth", Map.of(), "x");
        node("Mul", "a", Map.of(), "fifth", "x");
        // the gate of another value
        node("HardSigmoid", "other", Map.of("alpha", Attribute.of(1f / 6)), "a");
        node("Mul", "b", Map.of(), "other", "x");
        // a bound of 5
        node("Add", "plus", Map.of(), "b", scalar(3));
        node("Clip", "gate", Map.of(), "plus", scalar(0), scalar(5));
        node("Mul", "product", Map.of(), "b", "gate");
        node("Div", "c", Map.of(), "product", scalar(6));
        // a product that is read by itself
        node("Add", "more", Map.of(), "c", scalar(3));
        node("Clip", "open", Map.of(), "more", scalar(0), scalar(6));
        node("Mul", "seen", Map.of(), "c", "open");
        node("Div", "d", Map.of(), "seen", scalar(6));
        node("Add", "y", Map.of(), "d", "seen");
        Model model = model(input, "y");
        assertEquals(model.graph().nodes(), new HardSwishFusion().apply(model).graph().nodes());
    }

    @Test
    void identitiesVanish() {
        long[] input = {2, 4};
        node("Identity", "i", Map.of(), "x");
        node("Dropout", "d", Map.of(), "i");
        node("Relu", "y", Map.of(), "d");
        assertBecomes(new IdentityRemoval(), model(input, "y"), input, "Relu");
    }
}

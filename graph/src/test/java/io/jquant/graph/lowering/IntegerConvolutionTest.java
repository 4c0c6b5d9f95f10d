// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.graph.Attribute;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.exec.Executor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ConvInteger on an engine, as tools write it for dynamic quantization and alone, against its definition. */
class IntegerConvolutionTest {
    private static final int CASES = Integer.getInteger("jquant.test.cases", 40);
    private static final DataType[] TYPES = {DataType.U8, DataType.S8};

    private static Tensor integers(Random random, DataType type, long... sizes) {
        Tensor tensor = Tensor.allocate(type, sizes);
        for (int i = 0; i < tensor.count(); i++) {
            tensor.setLong(i, random.nextInt(type.min(), type.max() + 1));
        }
        return tensor;
    }

    private static Attribute sizes(Random random, int count, int least, int most) {
        long[] values = random.longs(count, least, most + 1L).toArray();
        return Attribute.ofInts(values);
    }

    private static Map<String, Attribute> window(Random random, int axes, int groups) {
        Map<String, Attribute> attributes = new HashMap<>(Map.of("group", Attribute.of(groups)));
        attributes.put("strides", sizes(random, axes, 1, 2));
        attributes.put("dilations", sizes(random, axes, 1, 2));
        switch (random.nextInt(3)) {
            case 0 -> attributes.put("pads", sizes(random, 2 * axes, 0, 2));
            case 1 -> attributes.put("auto_pad", Attribute.of(random.nextBoolean() ? "SAME_UPPER" : "SAME_LOWER"));
            default -> { }
        }
        return attributes;
    }

    /** A convolution of integers that are inputs, or of real numbers that are quantized as they come. */
    private static Model model(Random random, boolean dynamic, Shape shape, int axes) {
        GraphBuilder builder = new GraphBuilder();
        DataType type = dynamic ? DataType.U8 : TYPES[random.nextInt(2)];
        DataType weightType = TYPES[random.nextInt(2)];
        int groups = random.nextInt(1, 3);
        int out = groups * random.nextInt(1, 10);
        long[] kernel = new long[axes + 2];
        kernel[0] = out;
        kernel[1] = shape.dim(1).value() / groups;
        for (int i = 2; i < kernel.length; i++) {
            kernel[i] = random.nextInt(1, 4);
        }
        builder.input(new ValueInfo("x", dynamic ? DataType.F32 : type, shape));
        String zeroPoint = random.nextBoolean() ? builder.addInitializer("z", integers(random, type)) : "";
        if (dynamic) {
            builder.add(new Node("DynamicQuantizeLinear", List.of("x"), List.of("q", "s", "zp"), Map.of()));
            zeroPoint = "zp";
        }
        String weight = builder.addInitializer("w", integers(random, weightType, kernel));
        String weightZeroPoint = switch (random.nextInt(3)) {
            case 0 -> "";
            case 1 -> builder.addInitializer("wz", integers(random, weightType));
            default -> builder.addInitializer("wz", integers(random, weightType, out));
        };
        builder.add(new Node("ConvInteger", List.of(dynamic ? "q" : "x", weight, zeroPoint, weightZeroPoint),
                List.of("i"), window(random, axes, groups)));
        builder.add(new Node("Cast", List.of("i"), List.of("y"), Map.of("to", Attribute.of(1))));
        builder.output(new ValueInfo("y", DataType.F32, Shape.UNKNOWN));
        builder.output(new ValueInfo("i", DataType.S32, Shape.UNKNOWN));
        return new Model(8, Map.of("", 13), "", "", Map.of(), builder.build());
    }

    private static Tensor input(Random random, Model model, Shape shape) {
        DataType type = model.graph().inputs().getFirst().type();
        if (type != DataType.F32) {
            return integers(random, type, shape.sizes());
        }
        float[] values = new float[Tensor.count(shape.sizes())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-2, 3);
        }
        return Tensor.of(values, shape.sizes());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void givesTheSumsOfTheDefinition(boolean dynamic) {
        try (Engine engine = Engine.open()) {
            for (int seed = 0; seed < CASES; seed++) {
                Random random = new Random(seed);
                int axes = random.nextInt(1, 4);
                long[] sizes = random.longs(axes + 2, 5, 9).toArray();
                sizes[0] = random.nextInt(1, 3);
                sizes[1] = 2L * random.nextInt(1, 5);
                Shape shape = Shape.of(sizes);
                Model model = model(random, dynamic, shape, axes);
                try (LoweredModel lowered = LoweredModel.lower(model, engine)) {
                    String what = "seed " + seed + ": " + model.graph().nodes();
                    assertEquals(List.of("ConvInteger"), lowered.explain().stream().filter(Explanation::lowered)
                            .map(e -> e.node().opType()).toList(), what);
                    for (int run = 0; run < 2; run++) {
                        Map<String, Tensor> values = Map.of("x", input(random, model, shape));
                        Map<String, Tensor> exact = Executor.plan(model).run(values);
                        Map<String, Tensor> found = lowered.run(values);
                        assertArrayEquals(exact.get("i").shape(), found.get("i").shape(), what);
                        assertArrayEquals(exact.get("i").toLongs(), found.get("i").toLongs(), what);
                        assertArrayEquals(exact.get("y").toFloats(), found.get("y").toFloats(), what);
                    }
                }
            }
        }
    }

    @Test
    void weightsThatAreNotConstantAreLeft() {
        GraphBuilder builder = new GraphBuilder();
        builder.input(new ValueInfo("x", DataType.U8, Shape.of(1, 1, 3)));
        builder.input(new ValueInfo("w", DataType.S8, Shape.of(1, 1, 2)));
        builder.add(new Node("ConvInteger", List.of("x", "w"), List.of("y"), Map.of()));
        builder.output(new ValueInfo("y", DataType.S32, Shape.UNKNOWN));
        Model model = new Model(8, Map.of("", 13), "", "", Map.of(), builder.build());
        try (Engine engine = Engine.open(); LoweredModel lowered = LoweredModel.lower(model, engine)) {
            Map<String, Tensor> found = lowered.run(Map.of("x", Tensor.of(DataType.U8, new byte[] {1, 2, -1}, 1, 1, 3),
                    "w", Tensor.of(DataType.S8, new byte[] {3, -1}, 1, 1, 2)));
            assertArrayEquals(new long[] {1, 3 * 2 - 255}, found.get("y").toLongs());
        }
    }
}

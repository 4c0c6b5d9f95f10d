// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.exec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.DataType;
import io.jquant.graph.Attribute;
import io.jquant.graph.Dim;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.OperatorException;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ExecutorTest {
    private static final Shape ROWS = Shape.of(List.of(Dim.symbol("batch"), Dim.of(4)));

    private static Node node(String type, List<String> in, String out, Map<String, Attribute> attributes) {
        return new Node(type, in, List.of(out), attributes);
    }

    private static Model model(GraphBuilder builder) {
        return new Model(8, Map.of("", 13), "test", "", Map.of(), builder.build());
    }

    /** y = relu(x W + b) reshaped to [batch, 2, 2], and the relu itself. */
    private static Model linear() {
        GraphBuilder b = new GraphBuilder().input(new ValueInfo("x", DataType.F32, ROWS))
                .output(new ValueInfo("y", DataType.F32, Shape.UNKNOWN));
        b.putInitializer("w", Tensor.of(new float[] {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1}, 4, 4));
        b.putInitializer("b", Tensor.of(new float[] {1, 1, 1, 1}, 4));
        b.putInitializer("tail", Tensor.of(new long[] {2, 2}, 2));
        b.putInitializer("zero", Tensor.of(new long[] {0}, 1));
        b.add(node("Gemm", List.of("x", "w", "b"), "g", Map.of()));
        b.add(node("Relu", List.of("g"), "r", Map.of()));
        b.add(node("Shape", List.of("x"), "s", Map.of()));
        b.add(node("Gather", List.of("s", "zero"), "n", Map.of()));
        b.add(node("Concat", List.of("n", "tail"), "t", Map.of("axis", Attribute.of(0))));
        b.add(node("Reshape", List.of("r", "t"), "y", Map.of()));
        return model(b);
    }

    private static Tensor rows(int n) {
        float[] x = new float[4 * n];
        for (int i = 0; i < x.length; i++) {
            x[i] = i;
        }
        return Tensor.of(x, n, 4);
    }

    @Test
    void propagatesASymbolicBatchThroughShapes() {
        assertEquals(Shape.of(List.of(Dim.symbol("batch"), Dim.of(2), Dim.of(2))),
                Executor.plan(linear()).outputs().getFirst().shape());
    }

    @Test
    void runs() {
        Tensor y = Executor.plan(linear()).run(Map.of("x", rows(2))).get("y");
        assertArrayEquals(new long[] {2, 2, 2}, y.shape());
        assertArrayEquals(new float[] {1, 2, 3, 0, 5, 6, 7, 0}, y.toFloats());
    }

    @Test
    void infersAgainWhereShapesOrElementsThatTheyFollowFromChange() {
        GraphBuilder b = new GraphBuilder()
                .input(new ValueInfo("x", DataType.F32, Shape.UNKNOWN))
                .input(new ValueInfo("target", DataType.S64, Shape.UNKNOWN))
                .output(new ValueInfo("y", DataType.F32, Shape.UNKNOWN));
        b.add(node("Reshape", List.of("x", "target"), "y", Map.of()));
        Executor executor = Executor.plan(model(b));
        long[][] targets = {{2, 6}, {2, 6}, {6, 2}, {3, -1}, {12}, {2, 6}, {-1, 2}};
        long[][] shapes = {{2, 6}, {2, 6}, {6, 2}, {3, 4}, {12}, {2, 6}, {6, 2}};
        for (int i = 0; i < targets.length; i++) {
            Tensor y = executor.run(Map.of("x", rows(3), "target", Tensor.of(targets[i], targets[i].length))).get("y");
            assertArrayEquals(shapes[i], y.shape());
        }
        Tensor more = executor.run(Map.of("x", rows(4), "target", Tensor.of(targets[6], 2))).get("y");
        assertArrayEquals(new long[] {8, 2}, more.shape());
        assertThrows(OperatorException.class,
                () -> executor.run(Map.of("x", rows(4), "target", Tensor.of(targets[0], 2))));
    }

    @Test
    void showsTheValuesInBetween() {
        List<String> seen = new ArrayList<>();
        Executor.plan(linear()).run(Map.of("x", rows(1)), (name, value) -> seen.add(name + value));
        assertTrue(seen.containsAll(List.of("xF32[1, 4]", "gF32[1, 4]", "rF32[1, 4]", "yF32[1, 2, 2]")), "" + seen);
    }

    @Test
    void servesManyThreadsAndKeepsTheirOutputs() throws Exception {
        Executor executor = Executor.plan(linear());
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int t = 0; t < 64; t++) {
            int n = 1 + t % 7;
            tasks.add(() -> {
                Tensor first = executor.run(Map.of("x", rows(n))).get("y");
                float[] before = first.toFloats();
                Tensor second = executor.run(Map.of("x", Tensor.of(new float[4 * n], n, 4))).get("y");
                assertArrayEquals(before, first.toFloats(), "an output is not reused");
                assertEquals(1, second.toFloats()[0]);
                assertEquals(4 * n - 3 < 1 ? 0 : 4 * n - 3, before[4 * n - 4]);
                return null;
            });
        }
        try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
            for (Future<Void> result : pool.invokeAll(tasks)) {
                result.get();
            }
        }
    }

    @Test
    void refusesWrongInputsByName() {
        Executor executor = Executor.plan(linear());
        String missing = assertThrows(IllegalArgumentException.class, () -> executor.run(Map.of())).getMessage();
        assertTrue(missing.contains("'x' is missing"), missing);
        Map<String, Tensor> extra = Map.of("x", rows(1), "z", rows(1));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> executor.run(extra)).getMessage()
                .contains("'z' is unknown"));
        Map<String, Tensor> shape = Map.of("x", Tensor.of(new float[5], 1, 5));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> executor.run(shape)).getMessage()
                .contains("F32[1, 5]: must be F32[batch, 4]"));
        Map<String, Tensor> type = Map.of("x", Tensor.of(new long[4], 1, 4));
        assertThrows(IllegalArgumentException.class, () -> executor.run(type));
    }

    @Test
    void boundsWhatASmallGraphCanAskFor() {
        GraphBuilder b = new GraphBuilder().output(new ValueInfo("y", DataType.F32, Shape.UNKNOWN));
        b.putInitializer("s", Tensor.of(new long[] {1 << 15, 1 << 15}, 2));
        b.add(node("ConstantOfShape", List.of("s"), "y", Map.of()));
        Executor executor = Executor.plan(model(b), new Limits(1 << 20, 1 << 20));
        String message = assertThrows(OperatorException.class, () -> executor.run(Map.of())).getMessage();
        assertTrue(message.contains("ConstantOfShape") && message.contains("limit is 1048576"), message);
    }

    @Test
    void refusesShapesThatNoTensorHas() {
        GraphBuilder constant = new GraphBuilder().output(new ValueInfo("y", DataType.F32, Shape.UNKNOWN));
        constant.putInitializer("s", Tensor.of(new long[] {1L << 55}, 1));
        constant.add(node("ConstantOfShape", List.of("s"), "y", Map.of()));
        Model huge = model(constant);
        assertTrue(assertThrows(OperatorException.class, () -> Executor.plan(huge)).getMessage()
                .contains("ConstantOfShape"));
        GraphBuilder input = new GraphBuilder().input(new ValueInfo("x", DataType.F32, Shape.of(2, 1L << 60)))
                .output(new ValueInfo("x", DataType.F32, Shape.UNKNOWN));
        Model declared = model(input);
        assertTrue(assertThrows(OperatorException.class, () -> Executor.plan(declared)).getMessage()
                .contains("input 'x'"));
    }

    @Test
    void infersADeformableConvolutionOfAnInputOfUnknownRank() {
        GraphBuilder b = new GraphBuilder().input(new ValueInfo("x", DataType.F32, Shape.UNKNOWN))
                .output(new ValueInfo("y", DataType.F32, Shape.UNKNOWN));
        b.putInitializer("w", Tensor.of(new float[] {1, 0, 0, 1}, 1, 1, 2, 2));
        b.putInitializer("o", Tensor.of(new float[8], 1, 8, 1, 1));
        b.add(node("DeformConv", List.of("x", "w", "o"), "y", Map.of()));
        Executor executor = Executor.plan(new Model(8, Map.of("", 19), "test", "", Map.of(), b.build()));
        Tensor y = executor.run(Map.of("x", Tensor.of(new float[] {1, 2, 3, 4}, 1, 1, 2, 2))).get("y");
        assertArrayEquals(new float[] {5}, y.toFloats());
    }

    @Test
    void namesTheNodeThatDoesNotFit() {
        GraphBuilder b = new GraphBuilder().input(new ValueInfo("x", DataType.F32, ROWS))
                .output(new ValueInfo("y", DataType.F32, Shape.UNKNOWN));
        b.putInitializer("w", Tensor.of(new float[10], 5, 2));
        b.add(new Node("MatMul", "", "product", List.of("x", "w"), List.of("y"), Map.of()));
        Model model = model(b);
        String message = assertThrows(OperatorException.class, () -> Executor.plan(model)).getMessage();
        assertTrue(message.contains("MatMul (node 'product'"), message);
    }
}

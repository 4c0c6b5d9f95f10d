// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.suite;

import io.jquant.DataType;
import io.jquant.graph.Attribute;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small float models, and what is done to them. */
public final class Models {
    private Models() {
    }

    static Tensor values(Random random, long... sizes) {
        float[] data = new float[Tensor.count(sizes)];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) random.nextGaussian();
        }
        return Tensor.of(data, sizes);
    }

    private static void conv(GraphBuilder graph, Random random, String output, String input, int from, int to) {
        graph.add(new Node("Conv", "", "node_" + output, List.of(input,
                graph.addInitializer(output + "_w", values(random, to, from, 3, 3)),
                graph.addInitializer(output + "_b", values(random, to))), List.of(output),
                Map.of("pads", Attribute.ofInts(1, 1, 1, 1))));
    }

    /** Convolution, Relu, convolution, addition of the Relu's output, named as given. */
    public static Model residual(Random random, String relu) {
        GraphBuilder graph = new GraphBuilder().name("residual");
        graph.input(new ValueInfo("x", DataType.F32, Shape.of(2, 3, 6, 6)));
        conv(graph, random, "c1", "x", 3, 4);
        graph.add(new Node("Relu", List.of("c1"), List.of(relu), Map.of()));
        conv(graph, random, "c2", relu, 4, 4);
        graph.add(new Node("Add", "", "node_y", List.of("c2", relu), List.of("y"), Map.of()));
        graph.output(new ValueInfo("y", DataType.F32, Shape.UNKNOWN));
        return new Model(8, Map.of("", 13), "", "", Map.of(), graph.build());
    }

    /** Batches for the model. */
    public static List<Map<String, Tensor>> batches(Random random, int count) {
        return random.ints(count).mapToObj(i -> Map.of("x", values(random, 2, 3, 6, 6))).toList();
    }

    /**
     * Makes one output channel of a convolution larger and takes it back in the next one, through the Relu between
     * them: the same function, but of values of such different sizes that eight bits for all of them do not do.
     */
    static Model withOutlierChannel(Model model, String convolution, float factor) {
        Node first = model.graph().nodes().stream().filter(n -> n.name().equals(convolution)).findFirst().orElseThrow();
        Node relu = model.graph().consumers(first.output(0)).getFirst();
        Node second = model.graph().consumers(relu.output(0)).getFirst();
        GraphBuilder graph = new GraphBuilder(model.graph());
        for (int i = 1; i <= 2; i++) {
            Tensor constant = model.graph().initializers().get(first.input(i));
            float[] values = constant.toFloats();
            for (int at = 0; at < constant.count() / constant.dim(0); at++) {
                values[at] *= factor;
            }
            graph.putInitializer(first.input(i), Tensor.of(values, constant.shape()));
        }
        Tensor weight = model.graph().initializers().get(second.input(1));
        float[] values = weight.toFloats();
        int perOutput = weight.count() / weight.dim(0);
        int perInput = perOutput / weight.dim(1);
        for (int at = 0; at < values.length; at++) {
            values[at] = at % perOutput < perInput ? values[at] / factor : values[at];
        }
        graph.putInitializer(second.input(1), Tensor.of(values, weight.shape()));
        return model.withGraph(graph.build());
    }
}

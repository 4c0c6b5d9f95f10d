// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jquant.Engine;
import io.jquant.graph.Model;
import io.jquant.graph.Shape;
import io.jquant.graph.exec.Limits;
import io.jquant.graph.exec.ShapeInference;
import io.jquant.graph.lowering.LoweredModel;
import io.jquant.graph.onnx.OnnxWriter;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShapedModelTest {
    private static Shape output(Model model) {
        return ShapeInference.infer(model, Limits.DEFAULT).values().get(ShapedGraph.OUTPUT).shape();
    }

    private static long weights(Model model) {
        return model.graph().initializers().values().stream().mapToLong(tensor -> tensor.count()).sum();
    }

    @Test
    void resnet50HasItsSize() {
        Model model = ShapedModel.RESNET50.build();
        assertEquals(Shape.of(1, 1000), output(model));
        // PyTorch's has 25,557,032 parameters, with the 53,120 of batch norms, of which half are folded into biases
        assertEquals(25_557_032 - 53_120 / 2, weights(model));
        assertEquals(53, model.graph().nodes().stream().filter(node -> node.is("Conv")).count());
    }

    @Test
    void mobilenetv2RunsOnIntegersFromEndToEnd() throws IOException {
        Model model = ShapedModel.parse("mobilenetv2").build();
        assertEquals(Shape.of(1, 1000), output(model));
        assertArrayEquals(OnnxWriter.toBytes(model), OnnxWriter.toBytes(ShapedModel.MOBILENETV2.build()));
        try (Engine engine = Engine.open();
                LoweredModel lowered = LoweredModel.lower(ShapedModel.MOBILENETV2.quantize(model, engine.name()),
                        engine)) {
            assertEquals(List.of("Identity"), lowered.explain().stream().filter(e -> !e.lowered())
                    .map(e -> e.node().opType()).toList());
        }
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThrows(IllegalArgumentException.class, () -> ShapedModel.parse("lenet"));
        assertThrows(IllegalArgumentException.class, () -> ModelFiles.of("shaped:", "fbgemm"));
    }
}

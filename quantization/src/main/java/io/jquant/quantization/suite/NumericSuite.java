// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.suite;

import io.jquant.DataType;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.exec.Executor;
import io.jquant.graph.exec.Limits;
import io.jquant.graph.exec.ShapeInference;
import io.jquant.quantization.QConfigMapping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares a quantized model with the float one it was made of, layer by layer, as ONNX defines both: their weights;
 * what each quantized layer makes of the float model's values; what the quantized model makes from end to end. Not
 * thread-safe.
 */
public final class NumericSuite {
    private final Model real;
    private final JointGraph joint;
    private final Map<String, Tensor> quantizedConstants;
    private final Map<String, Node> quantizedMakers = new HashMap<>();
    private final Executor executor;
    private final Map<ComparedLayer, ErrorSum> shadowed = new LinkedHashMap<>();
    private final Map<ComparedLayer, ErrorSum> endToEnd = new LinkedHashMap<>();

    private NumericSuite(Model real, Model quantized) {
        this.real = real;
        joint = new JointGraph(real, quantized);
        quantizedConstants = ShapeInference.infer(quantized, Limits.DEFAULT).constants();
        quantized.graph().nodes().forEach(node -> node.outputs().forEach(made -> quantizedMakers.put(made, node)));
        Map<String, ValueInfo> types = ShapeInference.infer(real, Limits.DEFAULT).values();
        for (ComparedLayer layer : joint.layers()) {
            if (types.get(layer.value()).type() == DataType.F32) {
                shadowed.put(layer, new ErrorSum());
                endToEnd.put(layer, new ErrorSum());
            }
        }
        executor = Executor.plan(joint.model(types));
    }

    /**
     * Matches a quantized model with its float model, value by value, by their names.
     *
     * @param real the float model, as {@link io.jquant.quantization.StaticQuantizer#prepared()} gives it
     * @param quantized the quantized model
     * @return the suite
     * @throws IllegalArgumentException if an argument is null, or the models have other inputs or operator sets
     */
    public static NumericSuite of(Model real, Model quantized) {
        if (real == null || quantized == null) {
            throw new IllegalArgumentException("real = " + real + ", quantized = " + quantized + ": must be given");
        }
        return new NumericSuite(real, quantized);
    }

    /**
     * Runs both models on a batch.
     *
     * @param batch every input by name
     * @throws IllegalArgumentException if an input is missing, or of another type or shape
     */
    public void compare(Map<String, Tensor> batch) {
        Map<String, Tensor> made = executor.run(batch);
        shadowed.forEach((layer, sum) -> sum.add(layer.value(), made.get(layer.value()), made.get(layer.shadowed())));
        endToEnd.forEach((layer, sum) -> sum.add(layer.value(), made.get(layer.value()), made.get(layer.quantized())));
    }

    /** {@return what was found so far, in the order of the float nodes} */
    public List<LayerReport> layers() {
        List<LayerReport> reports = new ArrayList<>();
        shadowed.forEach((layer, sum) -> reports.add(new LayerReport(layer.value(), layer.operators(),
                layer.nodes().stream().map(QConfigMapping::nameOf).toList(), weights(layer), sum.result(),
                endToEnd.get(layer).result())));
        return List.copyOf(reports);
    }

    /** Compares the constants of a layer that has more than one axis: biases are integers of many bits. */
    private TensorError weights(ComparedLayer layer) {
        ErrorSum sum = new ErrorSum();
        for (Node node : layer.nodes()) {
            Node maker = quantizedMakers.get(joint.inQuantized(node.output(0)));
            for (int i = 0; i < node.inputs().size() && maker != null; i++) {
                Tensor weight = real.graph().initializers().get(node.input(i));
                Tensor quantized = quantizedConstants.get(maker.input(i));
                boolean comparable = weight != null && quantized != null && maker.is(node.opType())
                        && weight.type() == DataType.F32 && weight.rank() > 1 && quantized.type() == DataType.F32
                        && weight.count() == quantized.count();
                if (comparable && weight != quantized) {
                    sum.add(node.input(i), weight, quantized.reshape(weight.shape()));
                }
            }
        }
        TensorError error = sum.result();
        return error.count() == 0 ? null : error;
    }
}

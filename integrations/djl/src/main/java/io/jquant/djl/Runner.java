// SPDX-License-Identifier: Apache-2.0
package io.jquant.djl;

import io.jquant.Engine;
import io.jquant.graph.Model;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.exec.Executor;
import io.jquant.graph.lowering.LoweredModel;
import java.util.List;
import java.util.Map;

/** A model that is ready to run: its quantized parts on an engine, the rest by ONNX's definition. */
final class Runner implements AutoCloseable {
    private final Model model;
    private final LoweredModel lowered;
    private final Executor executor;

    private Runner(Model model, LoweredModel lowered, Executor executor) {
        this.model = model;
        this.lowered = lowered;
        this.executor = executor;
    }

    static Runner of(Model model, Engine engine) {
        return isQuantized(model) ? new Runner(model, LoweredModel.lower(model, engine), null)
                : new Runner(model, null, Executor.plan(model));
    }

    private static boolean isQuantized(Model model) {
        return model.metadata().containsKey(LoweredModel.ENGINE_PROPERTY)
                || model.graph().nodes().stream().anyMatch(node -> node.opType().equals("DequantizeLinear")
                        || node.opType().startsWith("DynamicQuantize"));
    }

    Model model() {
        return model;
    }

    List<ValueInfo> inputs() {
        return lowered == null ? executor.inputs() : lowered.inputs();
    }

    List<ValueInfo> outputs() {
        return lowered == null ? executor.outputs() : lowered.outputs();
    }

    Map<String, Tensor> run(Map<String, Tensor> inputs) {
        return lowered == null ? executor.run(inputs) : lowered.run(inputs);
    }

    @Override
    public void close() {
        if (lowered != null) {
            lowered.close();
        }
    }
}

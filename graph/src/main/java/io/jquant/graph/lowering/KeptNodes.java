// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.exec.Executor;
import java.util.HashMap;
import java.util.Map;

/**
 * Nodes that run as ONNX defines them.
 *
 * @param executor runs them
 */
record KeptNodes(Executor executor) implements Step.Body {
    @Override
    public void run(Frame frame) {
        Map<String, Tensor> inputs = new HashMap<>();
        for (ValueInfo input : executor.inputs()) {
            inputs.put(input.name(), frame.tensor(input.name()));
        }
        executor.runInto(inputs, frame::real).forEach(frame::put);
    }
}

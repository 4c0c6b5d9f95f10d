// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.exec;

import io.jquant.DataType;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import io.jquant.graph.ops.Op;
import io.jquant.graph.ops.RunContext;
import io.jquant.spi.FloatKernels;

/** Runs one node on tensors: the operator's inference gives the outputs' shapes, its kernel fills them. */
final class NodeRunner {
    /** Where outputs come from. */
    @FunctionalInterface
    interface Allocator {
        Tensor allocate(int output, DataType type, long[] shape);
    }

    private NodeRunner() {}

    /**
     * Runs a node.
     *
     * @param node the node
     * @param op its operator
     * @param memo what was inferred for it before
     * @param inputs the inputs, null for one left out
     * @param floats the kernels for products and functions of floats
     * @param allocator where outputs come from
     * @return the outputs, null for one without a name
     */
    static Tensor[] run(Node node, Op op, InferenceMemo memo, Tensor[] inputs, FloatKernels floats,
            Allocator allocator) {
        InferenceMemo.Found found = memo.outputs(inputs);
        Tensor[] outputs = new Tensor[found.shapes().length];
        for (int i = 0; i < outputs.length; i++) {
            long[] shape = found.shapes()[i];
            if (shape != null) {
                outputs[i] = op.kernel() == null && i == 0 ? inputs[0].reshape(shape)
                        : allocator.allocate(i, found.types()[i], shape);
            }
        }
        if (op.kernel() != null) {
            op.kernel().run(new RunContext(node, op, inputs, outputs, floats));
        }
        return outputs;
    }
}

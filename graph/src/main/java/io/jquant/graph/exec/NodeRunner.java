// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.exec;

import io.jquant.DataType;
import io.jquant.graph.Node;
import io.jquant.graph.OperatorException;
import io.jquant.graph.Tensor;
import io.jquant.graph.ops.InferContext;
import io.jquant.graph.ops.Known;
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

    static Tensor[] run(Node node, Op op, Tensor[] inputs, FloatKernels floats, Allocator allocator) {
        Known[] known = new Known[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            known[i] = inputs[i] == null ? null : Known.constant(inputs[i]);
        }
        Known[] inferred = new InferContext(node, op, known).infer();
        Tensor[] outputs = new Tensor[inferred.length];
        for (int i = 0; i < inferred.length; i++) {
            if (node.outputs().get(i).isEmpty()) {
                continue;
            }
            if (!inferred[i].shape().isKnown()) {
                throw new OperatorException(node.describe() + ": the shape of output " + i + ", "
                        + inferred[i].shape() + ", does not follow from the inputs");
            }
            long[] shape = inferred[i].shape().sizes();
            outputs[i] = op.kernel() == null && i == 0
                    ? inputs[0].reshape(shape)
                    : allocator.allocate(i, inferred[i].type(), shape);
        }
        if (op.kernel() != null) {
            op.kernel().run(new RunContext(node, op, inputs, outputs, floats));
        }
        return outputs;
    }
}

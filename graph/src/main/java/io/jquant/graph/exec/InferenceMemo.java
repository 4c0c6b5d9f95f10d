// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.exec;

import io.jquant.DataType;
import io.jquant.graph.Node;
import io.jquant.graph.OperatorException;
import io.jquant.graph.Tensor;
import io.jquant.graph.ops.InferContext;
import io.jquant.graph.ops.Known;
import io.jquant.graph.ops.Op;

/**
 * What a node's inference found last: runs on inputs of the same types and shapes, and with the same elements where it
 * looked at these, need not infer again. Used by any number of threads.
 */
final class InferenceMemo {
    /** Inference that looks at more elements than these runs every time. */
    private static final int MOST_ELEMENTS = 64;

    private final Node node;
    private final Op op;
    private volatile Found last;

    /** What inference knows of a tensor. A class, so that nothing of a run stays alive but the elements looked at. */
    private static final class Seen {
        private final DataType type;
        private final long[] shape;
        /** The elements that inference looked at; null where it did not. */
        private final Tensor elements;

        Seen(Tensor tensor, boolean looked) {
            type = tensor.type();
            shape = tensor.shape();
            elements = looked ? Tensor.allocate(type, shape) : null;
            if (looked) {
                elements.segment().copyFrom(tensor.segment());
            }
        }

        boolean isLike(Tensor other) {
            if (other == null || other.type() != type || other.rank() != shape.length) {
                return false;
            }
            for (int axis = 0; axis < shape.length; axis++) {
                if (other.dim(axis) != shape[axis]) {
                    return false;
                }
            }
            for (int i = 0; elements != null && i < elements.count(); i++) {
                if (element(elements, i) != element(other, i)) {
                    return false;
                }
            }
            return true;
        }

        private static long element(Tensor tensor, int index) {
            return tensor.type().isFloating() ? Double.doubleToRawLongBits(tensor.getDouble(index))
                    : tensor.getLong(index);
        }
    }

    /**
     * Types and shapes of a node's outputs.
     *
     * @param inputs what they follow from, null for one left out
     * @param types the types
     * @param shapes the sizes, not to be changed; null for an output without a name
     */
    // never compared or handed out
    @SuppressWarnings("ArrayRecordComponent")
    record Found(Seen[] inputs, DataType[] types, long[][] shapes) {
        private boolean isOf(Tensor[] others) {
            for (int i = 0; i < inputs.length; i++) {
                if (inputs[i] == null ? others[i] != null : !inputs[i].isLike(others[i])) {
                    return false;
                }
            }
            return true;
        }
    }

    InferenceMemo(Node node, Op op) {
        this.node = node;
        this.op = op;
    }

    /** What inference says of the outputs for these inputs. */
    Found outputs(Tensor[] inputs) {
        Found before = last;
        if (before != null && before.isOf(inputs)) {
            return before;
        }
        Known[] known = new Known[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            known[i] = inputs[i] == null ? null : Known.constant(inputs[i]);
        }
        InferContext context = new InferContext(node, op, known);
        Known[] inferred = context.infer();
        DataType[] types = new DataType[inferred.length];
        long[][] shapes = new long[inferred.length][];
        for (int i = 0; i < inferred.length; i++) {
            if (node.outputs().get(i).isEmpty()) {
                continue;
            }
            if (!inferred[i].shape().isKnown()) {
                throw new OperatorException(node.describe() + ": the shape of output " + i + ", "
                        + inferred[i].shape() + ", does not follow from the inputs");
            }
            types[i] = inferred[i].type();
            shapes[i] = inferred[i].shape().sizes();
        }
        Seen[] seen = new Seen[inputs.length];
        boolean few = true;
        for (int i = 0; i < inputs.length; i++) {
            boolean looked = context.lookedAt(i);
            few &= !looked || inputs[i] == null || inputs[i].count() <= MOST_ELEMENTS;
            seen[i] = inputs[i] == null || !few ? null : new Seen(inputs[i], looked);
        }
        Found found = new Found(seen, types, shapes);
        if (few) {
            last = found;
        }
        return found;
    }
}

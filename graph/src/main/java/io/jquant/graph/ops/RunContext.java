// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import io.jquant.spi.FloatKernels;

/** A node's inputs and outputs while it runs. */
public final class RunContext extends OpContext {
    private final Tensor[] inputs;
    private final Tensor[] outputs;
    private final FloatKernels floats;

    /**
     * A context for one run of one node.
     *
     * @param node the node
     * @param op its operator
     * @param inputs the inputs, null for one left out
     * @param outputs the outputs, allocated, null for one that is not wanted
     * @param floats the kernels for products and functions of floats
     */
    public RunContext(Node node, Op op, Tensor[] inputs, Tensor[] outputs, FloatKernels floats) {
        super(node, op);
        this.inputs = inputs;
        this.outputs = outputs;
        this.floats = floats;
    }

    FloatKernels floats() {
        return floats;
    }

    int count() {
        return inputs.length;
    }

    boolean has(int i) {
        return i < inputs.length && inputs[i] != null;
    }

    Tensor in(int i) {
        return inputs[i];
    }

    Tensor inOrNull(int i) {
        return has(i) ? inputs[i] : null;
    }

    int outputs() {
        return outputs.length;
    }

    boolean wants(int i) {
        return i < outputs.length && outputs[i] != null;
    }

    Tensor out(int i) {
        return outputs[i];
    }

    Tensor out() {
        return outputs[0];
    }

    /** The same node on other tensors. */
    RunContext with(Tensor[] in, Tensor[] out) {
        return new RunContext(node(), op(), in, out, floats);
    }

    Tensor[] inputs() {
        return inputs.clone();
    }
}

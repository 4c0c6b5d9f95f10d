// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import io.jquant.DataType;
import io.jquant.graph.Dim;
import io.jquant.graph.Node;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import java.util.Arrays;
import java.util.List;

/** What is known of a node's inputs, and where inference puts what it finds of the outputs. */
public final class InferContext extends OpContext {
    private final Known[] inputs;
    private final Known[] outputs;
    private final boolean[] lookedAt;

    /**
     * A context for one node.
     *
     * @param node the node
     * @param op its operator
     * @param inputs what is known of each input, null for one left out
     */
    public InferContext(Node node, Op op, Known[] inputs) {
        super(node, op);
        this.inputs = inputs;
        this.outputs = new Known[node.outputs().size()];
        this.lookedAt = new boolean[inputs.length];
    }

    /**
     * Runs the operator's inference.
     *
     * @return what is known of each output
     */
    public Known[] infer() {
        op().inference().infer(this);
        for (int i = 0; i < outputs.length; i++) {
            // messages are made only where they are wanted: this runs at every node of every run
            if (outputs[i] == null && !node().output(i).isEmpty()) {
                throw fail("makes no output " + i);
            }
            String reason = outputs[i] == null ? null : tooLarge(outputs[i].shape());
            if (reason != null) {
                throw fail("output " + i + ": " + reason);
            }
        }
        return outputs;
    }

    /**
     * Why no tensor can have a shape; so bounded, products of a few sizes and attributes fit a long.
     *
     * @param shape the shape
     * @return the reason, or null if one can
     */
    public static String tooLarge(Shape shape) {
        double count = 1;
        for (Dim dim : shape.dims()) {
            if (dim.isKnown() && dim.value() > Tensor.MAX_ELEMENTS) {
                return "shape " + shape + " has a size above " + Tensor.MAX_ELEMENTS;
            }
            count *= dim.isKnown() ? dim.value() : 1;
        }
        return shape.isKnown() && count > Tensor.MAX_ELEMENTS
                ? "shape " + shape + " has more than " + Tensor.MAX_ELEMENTS + " elements"
                : null;
    }

    /**
     * Whether inference asked for more of an input than its type and shape.
     *
     * @param i which input
     * @return whether what it found may depend on the input's elements
     */
    public boolean lookedAt(int i) {
        return lookedAt[i];
    }

    int count() {
        return inputs.length;
    }

    boolean has(int i) {
        return i < inputs.length && inputs[i] != null;
    }

    private Known input(int i) {
        if (!has(i)) {
            throw fail("input " + i + " must be there");
        }
        return inputs[i];
    }

    /** All that is known of an input, its elements too. */
    Known known(int i) {
        Known known = input(i);
        lookedAt[i] = true;
        return known;
    }

    DataType type(int i) {
        return input(i).type();
    }

    Shape shape(int i) {
        return input(i).shape();
    }

    /** The value of an input, or null if it is not known yet. */
    Tensor constant(int i) {
        return known(i).constant();
    }

    List<Known.Extent> extents(int i) {
        return known(i).knownExtents();
    }

    /** The integers in an input, or null if they are not known yet. */
    long[] longs(int i) {
        Tensor value = constant(i);
        return value == null ? null : value.toLongs();
    }

    int outputs() {
        return outputs.length;
    }

    void output(int i, DataType type, Shape shape) {
        if (i < outputs.length) {
            outputs[i] = Known.of(type, shape);
        }
    }

    /** Output 0, whose elements are also known as far as shapes go. */
    void output(DataType type, Shape shape, List<Known.Extent> extents) {
        outputs[0] = new Known(type, shape, null, extents);
    }

    void requireType(int i, DataType... allowed) {
        if (has(i) && !Arrays.asList(allowed).contains(type(i))) {
            throw fail("input " + i + " is of type " + type(i) + ": must be one of " + Arrays.toString(allowed));
        }
    }

    /** F32, or a 16-bit float, which the caller widens. */
    void requireFloat(int i) {
        requireType(i, DataType.F32, DataType.F16, DataType.BF16);
    }

    void requireSameType(int i, int j) {
        if (has(i) && has(j) && type(i) != type(j)) {
            throw fail("inputs " + i + " and " + j + " have types " + type(i) + " and " + type(j)
                    + ": must be the same");
        }
    }

    /** Refuses a known rank that is not within the bounds. */
    int requireRank(int i, int least, int most) {
        int rank = shape(i).rank();
        if (rank >= 0 && (rank < least || rank > most)) {
            throw fail("input " + i + " has shape " + shape(i) + ": must have rank "
                    + (least == most ? "" + least : least + " to " + most));
        }
        return rank;
    }

    /** Refuses an input that is there and whose elements are known to be another number. */
    void requireCount(int i, Dim count, String meaning) {
        if (!has(i)) {
            return;
        }
        requireRank(i, 1, 1);
        if (shape(i).isRanked()) {
            requireSame(shape(i).dim(0), count, "input " + i + " has shape " + shape(i) + ": must have one element for "
                    + meaning + ", " + count);
        }
    }

    void requireSame(Dim a, Dim b, String what) {
        require(!a.isKnown() || !b.isKnown() || a.value() == b.value(), what);
    }

    /** Refuses anything but one element. */
    void requireScalar(int i) {
        if (has(i) && shape(i).isKnown()) {
            require(Tensor.count(shape(i).sizes()) == 1, "input " + i + " has shape " + shape(i)
                    + ": must have one element");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.Activation;
import io.jquant.Bias;
import io.jquant.DataType;
import io.jquant.GroupedLinearSpec;
import io.jquant.PackedLinear;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * MatMulNBits on an engine's layer with weights of 4 bits, which quantizes its input as it comes. Only where the model
 * allows that: without an accuracy level, or with a higher one, the product is one of floats, as in ONNX Runtime.
 */
final class GroupedLowering {
    static final String OPERATOR = "MatMulNBits";

    /** What {@code accuracy_level} says of an input that may be quantized. */
    private static final int INT8 = 4;

    private GroupedLowering() {
    }

    /** The layer, null where the engine has none for the node. */
    static PackedLinear pack(Lowering lowering, QuantizedValues values, Node node, Activation activation) {
        long accuracy = node.intAttribute("accuracy_level", 0);
        Tensor weights = values.constant(node.input(1));
        Tensor scales = values.constant(node.input(2));
        Tensor zeroPoints = node.input(3).isEmpty() ? null : values.constant(node.input(3));
        Tensor bias = node.input(5).isEmpty() ? null : values.constant(node.input(5));
        if (accuracy != INT8 || weights == null || scales == null
                || (zeroPoints == null) != node.input(3).isEmpty() || (bias == null) != node.input(5).isEmpty()) {
            return null;
        }
        GroupedLinearSpec spec = new GroupedLinearSpec((int) node.intAttribute("K", 0),
                (int) node.intAttribute("N", 0), (int) node.intAttribute("block_size", 0), zeroPoints != null,
                activation);
        return lowering.linear(node, spec, () -> join(spec, weights, scales, zeroPoints),
                bias == null ? Bias.none() : Bias.of(bias.toFloats()));
    }

    /** A layer's weights lie as the node's inputs do, one behind the other. */
    private static MemorySegment join(GroupedLinearSpec spec, Tensor weights, Tensor scales, Tensor zeroPoints) {
        MemorySegment to = Tensor.allocate(DataType.U8, spec.weightBytes()).segment();
        to.asSlice(0, spec.scaleOffset()).copyFrom(weights.segment());
        to.asSlice(spec.scaleOffset(), scales.segment().byteSize()).copyFrom(scales.segment());
        if (zeroPoints != null) {
            to.asSlice(spec.zeroPointOffset()).copyFrom(zeroPoints.segment());
        }
        return to;
    }
}

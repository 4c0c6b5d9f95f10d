// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.spi.BinaryKernel;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** A function of two elements at the same place: {@link BinarySpec}. */
public final class Binary extends Operator<BinaryKernel> {
    Binary(BinaryKernel kernel) {
        super(kernel);
    }

    /**
     * Runs the function on operands of the same size.
     *
     * @param count elements, 0 or more
     * @param left the left operand
     * @param right the right operand
     * @param output the output; one of the operands, or memory of its own
     * @throws IllegalArgumentException if a segment is too small, or the output read-only or overlapping
     * @throws IllegalStateException if the operator is closed
     */
    public void run(long count, MemorySegment left, MemorySegment right, MemorySegment output) {
        Require.notNegative("count", count);
        Require.readable("left", left, count);
        Require.readable("right", right, count);
        Require.writable("output", output, count);
        Require.disjoint(output, "left", left, true);
        Require.disjoint(output, "right", right, true);
        BinaryKernel kernel = enter();
        try {
            kernel.run(false, 1, count, left, 0, 1, right, 0, 1, output, 0);
        } finally {
            leave();
        }
    }

    /**
     * Runs the function on operands that are repeated to the same shape, as NumPy and ONNX do.
     *
     * @param leftShape the left operand's shape, every size 0 or more
     * @param left the left operand
     * @param rightShape the right operand's shape
     * @param right the right operand
     * @param output the output, of the larger size on every axis; memory of its own
     * @throws IllegalArgumentException if the shapes do not go together, a segment is too small, or the output is
     *         read-only or overlapping
     * @throws IllegalStateException if the operator is closed
     */
    public void run(int[] leftShape, MemorySegment left, int[] rightShape, MemorySegment right,
            MemorySegment output) {
        Broadcast broadcast = Broadcast.of(leftShape, rightShape);
        Require.readable("left", left, broadcast.leftElements());
        Require.readable("right", right, broadcast.rightElements());
        Require.writable("output", output, broadcast.elements());
        Require.disjoint(output, "left", left, false);
        Require.disjoint(output, "right", right, false);
        boolean differ = !Arrays.equals(leftShape, rightShape);
        BinaryKernel kernel = enter();
        try {
            broadcast.forEachBlock((rows, columns, leftAt, leftStride, leftStep, rightAt, rightStride, rightStep,
                    outputAt) -> kernel.run(differ, rows, columns, left.asSlice(leftAt), leftStride, leftStep,
                            right.asSlice(rightAt), rightStride, rightStep, output, outputAt));
        } finally {
            leave();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.jquant.MovementSpec;
import io.jquant.spi.MovementKernel;
import java.lang.foreign.MemorySegment;

/** Axes in another order: runs of elements that stay together are copied at once, others in two plain loops. */
final class TransposeMovement implements MovementKernel {
    private final MovementSpec.Transpose spec;

    TransposeMovement(MovementSpec.Transpose spec) {
        this.spec = spec;
    }

    @Override
    public void run(int[] shape, MemorySegment input, MemorySegment output) {
        int rank = shape.length;
        long[] inputStrides = new long[rank];
        long elements = 1;
        for (int axis = rank - 1; axis >= 0; axis--) {
            inputStrides[axis] = elements * spec.elementBytes();
            elements *= shape[axis];
        }
        if (elements == 0) {
            return;
        }
        // axes of the output, of which those that are neighbours in the input too are one
        long[] sizes = new long[rank + 2];
        long[] strides = new long[rank + 2];
        int axes = 0;
        for (int i = 0; i < rank; i++) {
            int from = spec.permutation().get(i);
            boolean joins = i > 0 && from == spec.permutation().get(i - 1) + 1;
            axes += joins ? 0 : 1;
            sizes[axes - 1] = shape[from] * (joins ? sizes[axes - 1] : 1);
            strides[axes - 1] = inputStrides[from];
        }
        move(sizes, strides, axes, input, output);
    }

    /** Moves with two axes inside, the last of the output's, and a counter for every other. */
    private void move(long[] sizes, long[] strides, int axes, MemorySegment input, MemorySegment output) {
        long width = axes > 0 ? sizes[axes - 1] : 1;
        long step = axes > 0 ? strides[axes - 1] : spec.elementBytes();
        long height = axes > 1 ? sizes[axes - 2] : 1;
        long rowStep = axes > 1 ? strides[axes - 2] : 0;
        long[] place = new long[Math.max(axes - 2, 0)];
        long from = 0;
        long to = 0;
        int axis;
        do {
            plane(input, from, rowStep, step, height, width, output, to);
            to += height * width * spec.elementBytes();
            for (axis = place.length - 1; axis >= 0; axis--) {
                from += strides[axis];
                if (++place[axis] < sizes[axis]) {
                    break;
                }
                from -= strides[axis] * sizes[axis];
                place[axis] = 0;
            }
        } while (axis >= 0);
    }

    private void plane(MemorySegment input, long from, long rowStep, long step, long height, long width,
            MemorySegment output, long to) {
        int bytes = spec.elementBytes();
        if (bytes == 1 && rowStep == 1 && step != 1 && height >= ByteTranspose.SIDE) {
            ByteTranspose.run(input, from, step, height, width, output, to);
            return;
        }
        long rowBytes = width * bytes;
        for (long row = 0; row < height; row++) {
            long source = from + row * rowStep;
            long target = to + row * rowBytes;
            if (step == bytes) {
                MemorySegment.copy(input, source, output, target, rowBytes);
            } else if (bytes == 1) {
                for (long i = 0; i < width; i++) {
                    output.set(JAVA_BYTE, target + i, input.get(JAVA_BYTE, source + i * step));
                }
            } else if (bytes == Integer.BYTES) {
                for (long i = 0; i < width; i++) {
                    output.set(JAVA_INT_UNALIGNED, target + i * bytes,
                            input.get(JAVA_INT_UNALIGNED, source + i * step));
                }
            } else {
                for (long i = 0; i < width; i++) {
                    MemorySegment.copy(input, source + i * step, output, target + i * bytes, bytes);
                }
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.jquant.MovementSpec;
import io.jquant.spi.MovementKernel;
import java.lang.foreign.MemorySegment;

/** Elements brought to other places: every place of the output asks where its element comes from. */
final class ReferenceMovement implements MovementKernel {
    private final MovementSpec spec;

    ReferenceMovement(MovementSpec spec) {
        this.spec = spec;
    }

    @Override
    public void run(int[] shape, MemorySegment input, MemorySegment output) {
        int[] outputShape = spec.outputShape(shape);
        for (int size : outputShape) {
            if (size == 0) {
                return;
            }
        }
        int bytes = spec.elementBytes();
        int[] place = new int[outputShape.length];
        long at = 0;
        do {
            long source = source(place, shape);
            if (source >= 0) {
                MemorySegment.copy(input, source * bytes, output, at, bytes);
            } else {
                fill(output, at);
            }
            at += bytes;
        } while (next(place, outputShape));
    }

    /** The input's element for a place of the output; -1 for padding. */
    private long source(int[] place, int[] shape) {
        int[] from = place.clone();
        switch (spec) {
            case MovementSpec.ChannelShuffle shuffle -> {
                int last = place.length - 1;
                int inGroup = shape[last] / shuffle.groups();
                from[last] = place[last] % shuffle.groups() * inGroup + place[last] / shuffle.groups();
            }
            case MovementSpec.Pad pad -> {
                for (int axis = 0; axis < place.length; axis++) {
                    from[axis] = place[axis] - pad.begin().get(axis);
                    if (from[axis] < 0 || from[axis] >= shape[axis]) {
                        return -1;
                    }
                }
            }
            case MovementSpec.Transpose transpose -> {
                for (int axis = 0; axis < place.length; axis++) {
                    from[transpose.permutation().get(axis)] = place[axis];
                }
            }
        }
        long index = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            index = index * shape[axis] + from[axis];
        }
        return index;
    }

    private void fill(MemorySegment output, long at) {
        long value = spec instanceof MovementSpec.Pad pad ? pad.value() : 0;
        switch (spec.elementBytes()) {
            case 1 -> output.set(JAVA_BYTE, at, (byte) value);
            case 2 -> output.set(JAVA_SHORT_UNALIGNED, at, (short) value);
            case 4 -> output.set(JAVA_INT_UNALIGNED, at, (int) value);
            default -> output.set(JAVA_LONG_UNALIGNED, at, value);
        }
    }

    private static boolean next(int[] place, int[] shape) {
        for (int axis = place.length - 1; axis >= 0; axis--) {
            if (++place[axis] < shape[axis]) {
                return true;
            }
            place[axis] = 0;
        }
        return false;
    }
}

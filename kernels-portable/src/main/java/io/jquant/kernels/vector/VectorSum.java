// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.BYTES;
import static io.jquant.kernels.vector.Lanes.FLOATS;
import static io.jquant.kernels.vector.Lanes.LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.BinarySpec;
import io.jquant.kernels.portable.Affine;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;

/** Sums and differences in floats: dequantize, add, quantize. */
final class VectorSum extends VectorPair {
    private final float leftScale;
    private final float rightScale;
    private final float reciprocal;
    private final int low;
    private final int high;
    private final int leftZero;
    private final int rightZero;
    private final int zeroPoint;
    private final byte leftFlip;
    private final byte rightFlip;

    private VectorSum(BinarySpec spec) {
        Affine left = Affine.of(spec.left());
        Affine right = Affine.of(spec.right());
        leftScale = left.scale();
        // a negative scale subtracts: signs change no rounding
        rightScale = spec.function() == BinarySpec.Function.SUBTRACT ? -right.scale() : right.scale();
        reciprocal = 1.0f / spec.output().scale();
        zeroPoint = spec.output().zeroPoint();
        low = Lanes.bound(spec.activation().quantizedMin(spec.output()) - zeroPoint);
        high = Lanes.bound(spec.activation().quantizedMax(spec.output()) - zeroPoint);
        leftZero = Lanes.flippedZero(left);
        rightZero = Lanes.flippedZero(right);
        leftFlip = Lanes.flip(left.type());
        rightFlip = Lanes.flip(right.type());
    }

    /** {@return a kernel; null where sums may be too many steps to be rounded before they are bounded} */
    static VectorPair of(BinarySpec spec) {
        VectorSum kernel = new VectorSum(spec);
        double scales = (double) Math.abs(kernel.leftScale) + Math.abs(kernel.rightScale);
        return 255 * scales * kernel.reciprocal < Lanes.SMALL ? kernel : null;
    }

    private static ByteVector sum(ByteVector left, byte leftFlip, int leftZero, FloatVector leftScale,
            ByteVector right, byte rightFlip, int rightZero, FloatVector rightScale, float reciprocal,
            int atLeast, int atMost, int zeroPoint) {
        FloatVector sum = Lanes.steps(left, leftFlip, leftZero).mul(leftScale)
                .add(Lanes.steps(right, rightFlip, rightZero).mul(rightScale));
        return Lanes.roundNumbers(sum.mul(reciprocal), atLeast, atMost, zeroPoint);
    }

    @Override
    void arrays(byte[] left, int leftAt, byte[] right, int rightAt, byte[] output, int outputAt, int count) {
        int atLeast = low;
        int atMost = high;
        FloatVector scaleA = FloatVector.broadcast(FLOATS, leftScale);
        FloatVector scaleB = FloatVector.broadcast(FLOATS, rightScale);
        float factor = reciprocal;
        int zero = zeroPoint;
        int zeroA = leftZero;
        int zeroB = rightZero;
        byte flipA = leftFlip;
        byte flipB = rightFlip;
        for (int i = 0; i < count; i += LANES) {
            sum(ByteVector.fromArray(BYTES, left, leftAt + i), flipA, zeroA, scaleA,
                    ByteVector.fromArray(BYTES, right, rightAt + i), flipB, zeroB, scaleB, factor, atLeast, atMost,
                    zero).intoArray(output, outputAt + i);
        }
    }

    @Override
    void memory(MemorySegment left, long leftOffset, MemorySegment right, long rightOffset, MemorySegment output,
            long outputOffset, int count) {
        MemorySegment a = Backing.outside(left);
        MemorySegment b = Backing.outside(right);
        MemorySegment y = Backing.outside(output);
        int atLeast = low;
        int atMost = high;
        FloatVector scaleA = FloatVector.broadcast(FLOATS, leftScale);
        FloatVector scaleB = FloatVector.broadcast(FLOATS, rightScale);
        float factor = reciprocal;
        int zero = zeroPoint;
        int zeroA = leftZero;
        int zeroB = rightZero;
        byte flipA = leftFlip;
        byte flipB = rightFlip;
        for (int i = 0; i < count; i += LANES) {
            sum(ByteVector.fromMemorySegment(BYTES, a, leftOffset + i, LITTLE_ENDIAN), flipA, zeroA, scaleA,
                    ByteVector.fromMemorySegment(BYTES, b, rightOffset + i, LITTLE_ENDIAN), flipB, zeroB, scaleB,
                    factor, atLeast, atMost, zero)
                    .intoMemorySegment(y, outputOffset + i, LITTLE_ENDIAN);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.BYTES;
import static io.jquant.kernels.vector.Lanes.LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.BinarySpec;
import io.jquant.kernels.portable.Affine;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Products: exact integers, requantized. */
final class VectorProduct extends VectorPair {
    private final float multiplier;
    private final int low;
    private final int high;
    private final int leftZero;
    private final int rightZero;
    private final int zeroPoint;
    private final byte leftFlip;
    private final byte rightFlip;

    private VectorProduct(BinarySpec spec) {
        Affine left = Affine.of(spec.left());
        Affine right = Affine.of(spec.right());
        multiplier = left.scale() * right.scale() * (1.0f / spec.output().scale());
        zeroPoint = spec.output().zeroPoint();
        low = Lanes.bound(spec.activation().quantizedMin(spec.output()) - zeroPoint);
        high = Lanes.bound(spec.activation().quantizedMax(spec.output()) - zeroPoint);
        leftZero = Lanes.flippedZero(left);
        rightZero = Lanes.flippedZero(right);
        leftFlip = Lanes.flip(left.type());
        rightFlip = Lanes.flip(right.type());
    }

    /** {@return a kernel; null where products may be too many steps to be rounded before they are bounded} */
    static VectorPair of(BinarySpec spec) {
        VectorProduct kernel = new VectorProduct(spec);
        return 255.0 * 255 * kernel.multiplier < Lanes.SMALL ? kernel : null;
    }

    private static ByteVector product(ByteVector left, byte leftFlip, int leftZero, ByteVector right, byte rightFlip,
            int rightZero, float multiplier, int atLeast, int atMost, int zeroPoint) {
        FloatVector product = (FloatVector) Lanes.distance(left, leftFlip, leftZero)
                .mul(Lanes.distance(right, rightFlip, rightZero)).convert(VectorOperators.I2F, 0);
        return Lanes.roundNumbers(product.mul(multiplier), atLeast, atMost, zeroPoint);
    }

    @Override
    void arrays(byte[] left, int leftAt, byte[] right, int rightAt, byte[] output, int outputAt, int count) {
        int atLeast = low;
        int atMost = high;
        float factor = multiplier;
        int zero = zeroPoint;
        int zeroA = leftZero;
        int zeroB = rightZero;
        byte flipA = leftFlip;
        byte flipB = rightFlip;
        for (int i = 0; i < count; i += LANES) {
            product(ByteVector.fromArray(BYTES, left, leftAt + i), flipA, zeroA,
                    ByteVector.fromArray(BYTES, right, rightAt + i), flipB, zeroB, factor, atLeast, atMost, zero)
                    .intoArray(output, outputAt + i);
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
        float factor = multiplier;
        int zero = zeroPoint;
        int zeroA = leftZero;
        int zeroB = rightZero;
        byte flipA = leftFlip;
        byte flipB = rightFlip;
        for (int i = 0; i < count; i += LANES) {
            product(ByteVector.fromMemorySegment(BYTES, a, leftOffset + i, LITTLE_ENDIAN), flipA, zeroA,
                    ByteVector.fromMemorySegment(BYTES, b, rightOffset + i, LITTLE_ENDIAN), flipB, zeroB, factor,
                    atLeast, atMost, zero)
                    .intoMemorySegment(y, outputOffset + i, LITTLE_ENDIAN);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.BYTES;
import static io.jquant.kernels.vector.Lanes.INTS;
import static io.jquant.kernels.vector.Lanes.LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.BinarySpec;
import io.jquant.kernels.common.Stage;
import io.jquant.kernels.portable.QnnpackAddition;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * QNNPACK's sums in fixed point, of u8, rounded by arithmetic shifts: they give -1 where the sum is negative, and where
 * the remainder is above a half.
 */
final class VectorFixedSum extends VectorPair {
    private final QnnpackAddition numbers;
    private final int initial;
    private final int low;
    private final int high;

    VectorFixedSum(BinarySpec spec, QnnpackAddition numbers) {
        this.numbers = numbers;
        // all below 2^31, as QnnpackAddition says
        initial = -numbers.leftMultiplier() * numbers.leftZeroPoint()
                - numbers.rightMultiplier() * numbers.rightZeroPoint();
        low = spec.activation().quantizedMin(spec.output());
        high = spec.activation().quantizedMax(spec.output());
    }

    @Override
    void arrays(byte[] left, int leftAt, byte[] right, int rightAt, byte[] output, int outputAt, int count,
            Stage stage) {
        int leftFactor = numbers.leftMultiplier();
        int rightFactor = numbers.rightMultiplier();
        int shift = numbers.shift();
        int mask = (1 << shift) - 1;
        int half = mask >> 1;
        int zeroPoint = numbers.outputZeroPoint();
        int first = initial;
        int least = low;
        int most = high;
        for (int i = 0; i < count; i += LANES) {
            IntVector a = (IntVector) ByteVector.fromArray(BYTES, left, leftAt + i)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            IntVector b = (IntVector) ByteVector.fromArray(BYTES, right, rightAt + i)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            IntVector sum = a.mul(leftFactor).add(b.mul(rightFactor)).add(first);
            IntVector remainder = sum.and(mask).add(sum.lanewise(VectorOperators.ASHR, 31));
            IntVector up = remainder.neg().add(half).lanewise(VectorOperators.ASHR, 31);
            IntVector rounded = sum.lanewise(VectorOperators.ASHR, shift).sub(up).add(zeroPoint).max(least).min(most);
            ((ByteVector) rounded.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(output, outputAt + i);
        }
    }

    @Override
    void memory(MemorySegment left, long leftOffset, MemorySegment right, long rightOffset, MemorySegment output,
            long outputOffset, int count, Stage stage) {
        MemorySegment x = Backing.outside(left);
        MemorySegment w = Backing.outside(right);
        MemorySegment y = Backing.outside(output);
        int leftFactor = numbers.leftMultiplier();
        int rightFactor = numbers.rightMultiplier();
        int shift = numbers.shift();
        int mask = (1 << shift) - 1;
        int half = mask >> 1;
        int zeroPoint = numbers.outputZeroPoint();
        int first = initial;
        int least = low;
        int most = high;
        for (int i = 0; i < count; i += LANES) {
            IntVector a = (IntVector) ByteVector.fromMemorySegment(BYTES, x, leftOffset + i, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            IntVector b = (IntVector) ByteVector.fromMemorySegment(BYTES, w, rightOffset + i, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            IntVector sum = a.mul(leftFactor).add(b.mul(rightFactor)).add(first);
            IntVector remainder = sum.and(mask).add(sum.lanewise(VectorOperators.ASHR, 31));
            IntVector up = remainder.neg().add(half).lanewise(VectorOperators.ASHR, 31);
            IntVector rounded = sum.lanewise(VectorOperators.ASHR, shift).sub(up).add(zeroPoint).max(least).min(most);
            ((ByteVector) rounded.convertShape(VectorOperators.I2B, BYTES, 0))
                    .intoMemorySegment(y, outputOffset + i, LITTLE_ENDIAN);
        }
    }
}

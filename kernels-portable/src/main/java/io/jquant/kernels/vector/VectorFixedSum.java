// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.BYTES;
import static io.jquant.kernels.vector.Lanes.LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.BinarySpec;
import io.jquant.kernels.common.Stage;
import io.jquant.kernels.portable.QnnpackAddition;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** QNNPACK's sums in fixed point, of u8. */
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

    private static ByteVector sum(ByteVector left, ByteVector right, int leftFactor, int rightFactor, int initial,
            int shift, int zeroPoint, int low, int high) {
        IntVector sum = Lanes.widen(left).mul(leftFactor).add(Lanes.widen(right).mul(rightFactor)).add(initial);
        int mask = (1 << shift) - 1;
        // arithmetic shifts: -1 where the sum is negative, and where the remainder is above a half
        IntVector remainder = sum.and(mask).add(sum.lanewise(VectorOperators.ASHR, 31));
        IntVector up = remainder.neg().add(mask >> 1).lanewise(VectorOperators.ASHR, 31);
        IntVector rounded = sum.lanewise(VectorOperators.ASHR, shift).sub(up).add(zeroPoint);
        return Lanes.narrow(rounded.max(low).min(high));
    }

    @Override
    void arrays(byte[] left, int leftAt, byte[] right, int rightAt, byte[] output, int outputAt, int count,
            Stage stage) {
        int leftFactor = numbers.leftMultiplier();
        int rightFactor = numbers.rightMultiplier();
        int shift = numbers.shift();
        int zeroPoint = numbers.outputZeroPoint();
        int first = initial;
        int least = low;
        int most = high;
        for (int i = 0; i < count; i += LANES) {
            sum(ByteVector.fromArray(BYTES, left, leftAt + i), ByteVector.fromArray(BYTES, right, rightAt + i),
                    leftFactor, rightFactor, first, shift, zeroPoint, least, most).intoArray(output, outputAt + i);
        }
    }

    @Override
    void memory(MemorySegment left, long leftOffset, MemorySegment right, long rightOffset, MemorySegment output,
            long outputOffset, int count, Stage stage) {
        MemorySegment a = Backing.outside(left);
        MemorySegment b = Backing.outside(right);
        MemorySegment y = Backing.outside(output);
        int leftFactor = numbers.leftMultiplier();
        int rightFactor = numbers.rightMultiplier();
        int shift = numbers.shift();
        int zeroPoint = numbers.outputZeroPoint();
        int first = initial;
        int least = low;
        int most = high;
        for (int i = 0; i < count; i += LANES) {
            sum(ByteVector.fromMemorySegment(BYTES, a, leftOffset + i, LITTLE_ENDIAN),
                    ByteVector.fromMemorySegment(BYTES, b, rightOffset + i, LITTLE_ENDIAN), leftFactor,
                    rightFactor, first, shift, zeroPoint, least, most)
                    .intoMemorySegment(y, outputOffset + i, LITTLE_ENDIAN);
        }
    }
}

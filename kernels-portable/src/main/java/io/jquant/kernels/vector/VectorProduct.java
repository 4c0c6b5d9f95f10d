// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.FLOATS;
import static io.jquant.kernels.vector.Lanes.INTS;
import static io.jquant.kernels.vector.Lanes.SHORTS;
import static io.jquant.kernels.vector.Lanes.WIDE;
import static io.jquant.kernels.vector.Lanes.WIDE_LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.BinarySpec;
import io.jquant.kernels.common.Stage;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** Products: exact integers, requantized. Their loops are as those of {@link VectorSum}. */
final class VectorProduct extends VectorPair {
    private final PairNumbers numbers;

    private VectorProduct(PairNumbers numbers) {
        this.numbers = numbers;
    }

    /** {@return a kernel; null where scales are out of all proportion} */
    static VectorPair of(BinarySpec spec) {
        float multiplier = spec.left().scale() * spec.right().scale() * (1.0f / spec.output().scale());
        return 255.0 * 255 * multiplier < PairNumbers.MOST
                ? new VectorProduct(new PairNumbers(spec, 1, 1, multiplier)) : null;
    }

    @Override
    void arrays(byte[] left, int leftAt, byte[] right, int rightAt, byte[] output, int outputAt, int count,
            Stage stage) {
        IntVector lowByte = IntVector.fromArray(INTS, numbers.lowByte, 0);
        IntVector magicA = IntVector.fromArray(INTS, numbers.leftMagic, 0);
        IntVector magicB = IntVector.fromArray(INTS, numbers.rightMagic, 0);
        FloatVector zeroA = FloatVector.fromArray(FLOATS, numbers.leftZero, 0);
        FloatVector zeroB = FloatVector.fromArray(FLOATS, numbers.rightZero, 0);
        FloatVector factor = FloatVector.fromArray(FLOATS, numbers.factor, 0);
        FloatVector lower = FloatVector.fromArray(FLOATS, numbers.lower, 0);
        FloatVector upper = FloatVector.fromArray(FLOATS, numbers.upper, 0);
        ShortVector low = ShortVector.fromArray(SHORTS, numbers.low, 0);
        ShortVector high = ShortVector.fromArray(SHORTS, numbers.high, 0);
        ShortVector evenByte = ShortVector.fromArray(SHORTS, numbers.evenByte, 0);
        ByteVector zero = ByteVector.fromArray(WIDE, numbers.zeroPoint, 0);
        for (int i = 0; i < count; i += WIDE_LANES) {
            IntVector a = ByteVector.fromArray(WIDE, left, leftAt + i).reinterpretAsInts();
            IntVector b = ByteVector.fromArray(WIDE, right, rightAt + i).reinterpretAsInts();
            FloatVector a0 = a.and(lowByte).lanewise(VectorOperators.XOR, magicA)
                    .reinterpretAsFloats().sub(zeroA);
            FloatVector b0 = b.and(lowByte).lanewise(VectorOperators.XOR, magicB)
                    .reinterpretAsFloats().sub(zeroB);
            IntVector steps0 = a0.mul(b0).mul(factor).add(lower).reinterpretAsInts();
            FloatVector a1 = a.lanewise(VectorOperators.LSHR, 8).and(lowByte).lanewise(VectorOperators.XOR, magicA)
                    .reinterpretAsFloats().sub(zeroA);
            FloatVector b1 = b.lanewise(VectorOperators.LSHR, 8).and(lowByte).lanewise(VectorOperators.XOR, magicB)
                    .reinterpretAsFloats().sub(zeroB);
            IntVector steps1 = a1.mul(b1).mul(factor).add(lower).reinterpretAsInts();
            FloatVector a2 = a.lanewise(VectorOperators.LSHR, 16).and(lowByte).lanewise(VectorOperators.XOR, magicA)
                    .reinterpretAsFloats().sub(zeroA);
            FloatVector b2 = b.lanewise(VectorOperators.LSHR, 16).and(lowByte).lanewise(VectorOperators.XOR, magicB)
                    .reinterpretAsFloats().sub(zeroB);
            IntVector steps2 = a2.mul(b2).mul(factor).add(upper).reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, Short.SIZE);
            FloatVector a3 = a.lanewise(VectorOperators.LSHR, 24).lanewise(VectorOperators.XOR, magicA)
                    .reinterpretAsFloats().sub(zeroA);
            FloatVector b3 = b.lanewise(VectorOperators.LSHR, 24).lanewise(VectorOperators.XOR, magicB)
                    .reinterpretAsFloats().sub(zeroB);
            IntVector steps3 = a3.mul(b3).mul(factor).add(upper).reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, Short.SIZE);
            ShortVector even = steps0.add(steps2).reinterpretAsShorts().max(low).min(high).and(evenByte);
            ShortVector odd = steps1.add(steps3).reinterpretAsShorts().max(low).min(high)
                    .lanewise(VectorOperators.LSHL, Byte.SIZE);
            even.or(odd).reinterpretAsBytes().add(zero).intoArray(output, outputAt + i);
        }
    }

    @Override
    void memory(MemorySegment left, long leftOffset, MemorySegment right, long rightOffset, MemorySegment output,
            long outputOffset, int count, Stage stage) {
        MemorySegment x = Backing.outside(left);
        MemorySegment w = Backing.outside(right);
        MemorySegment to = Backing.outside(output);
        IntVector lowByte = IntVector.fromArray(INTS, numbers.lowByte, 0);
        IntVector magicA = IntVector.fromArray(INTS, numbers.leftMagic, 0);
        IntVector magicB = IntVector.fromArray(INTS, numbers.rightMagic, 0);
        FloatVector zeroA = FloatVector.fromArray(FLOATS, numbers.leftZero, 0);
        FloatVector zeroB = FloatVector.fromArray(FLOATS, numbers.rightZero, 0);
        FloatVector factor = FloatVector.fromArray(FLOATS, numbers.factor, 0);
        FloatVector lower = FloatVector.fromArray(FLOATS, numbers.lower, 0);
        FloatVector upper = FloatVector.fromArray(FLOATS, numbers.upper, 0);
        ShortVector low = ShortVector.fromArray(SHORTS, numbers.low, 0);
        ShortVector high = ShortVector.fromArray(SHORTS, numbers.high, 0);
        ShortVector evenByte = ShortVector.fromArray(SHORTS, numbers.evenByte, 0);
        ByteVector zero = ByteVector.fromArray(WIDE, numbers.zeroPoint, 0);
        for (int i = 0; i < count; i += WIDE_LANES) {
            IntVector a = ByteVector.fromMemorySegment(WIDE, x, leftOffset + i, LITTLE_ENDIAN).reinterpretAsInts();
            IntVector b = ByteVector.fromMemorySegment(WIDE, w, rightOffset + i, LITTLE_ENDIAN).reinterpretAsInts();
            FloatVector a0 = a.and(lowByte).lanewise(VectorOperators.XOR, magicA)
                    .reinterpretAsFloats().sub(zeroA);
            FloatVector b0 = b.and(lowByte).lanewise(VectorOperators.XOR, magicB)
                    .reinterpretAsFloats().sub(zeroB);
            IntVector steps0 = a0.mul(b0).mul(factor).add(lower).reinterpretAsInts();
            FloatVector a1 = a.lanewise(VectorOperators.LSHR, 8).and(lowByte).lanewise(VectorOperators.XOR, magicA)
                    .reinterpretAsFloats().sub(zeroA);
            FloatVector b1 = b.lanewise(VectorOperators.LSHR, 8).and(lowByte).lanewise(VectorOperators.XOR, magicB)
                    .reinterpretAsFloats().sub(zeroB);
            IntVector steps1 = a1.mul(b1).mul(factor).add(lower).reinterpretAsInts();
            FloatVector a2 = a.lanewise(VectorOperators.LSHR, 16).and(lowByte).lanewise(VectorOperators.XOR, magicA)
                    .reinterpretAsFloats().sub(zeroA);
            FloatVector b2 = b.lanewise(VectorOperators.LSHR, 16).and(lowByte).lanewise(VectorOperators.XOR, magicB)
                    .reinterpretAsFloats().sub(zeroB);
            IntVector steps2 = a2.mul(b2).mul(factor).add(upper).reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, Short.SIZE);
            FloatVector a3 = a.lanewise(VectorOperators.LSHR, 24).lanewise(VectorOperators.XOR, magicA)
                    .reinterpretAsFloats().sub(zeroA);
            FloatVector b3 = b.lanewise(VectorOperators.LSHR, 24).lanewise(VectorOperators.XOR, magicB)
                    .reinterpretAsFloats().sub(zeroB);
            IntVector steps3 = a3.mul(b3).mul(factor).add(upper).reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, Short.SIZE);
            ShortVector even = steps0.add(steps2).reinterpretAsShorts().max(low).min(high).and(evenByte);
            ShortVector odd = steps1.add(steps3).reinterpretAsShorts().max(low).min(high)
                    .lanewise(VectorOperators.LSHL, Byte.SIZE);
            even.or(odd).reinterpretAsBytes().add(zero)
                    .intoMemorySegment(to, outputOffset + i, LITTLE_ENDIAN);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.FLOATS;
import static io.jquant.kernels.vector.Lanes.HALF;
import static io.jquant.kernels.vector.Lanes.INTS;
import static io.jquant.kernels.vector.Lanes.LANES;
import static io.jquant.kernels.vector.Lanes.PAIRS;
import static io.jquant.kernels.vector.Lanes.SHORTS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.BinarySpec;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** Sums and differences in floats: dequantize, add, quantize. */
final class VectorSum extends VectorSteps {
    private VectorSum(PairNumbers numbers) {
        super(numbers);
    }

    /** {@return a kernel; null where scales are out of all proportion} */
    static VectorPair of(BinarySpec spec) {
        float left = spec.left().scale();
        // a negative scale subtracts: signs change no rounding
        float right = spec.function() == BinarySpec.Function.SUBTRACT ? -spec.right().scale() : spec.right().scale();
        float reciprocal = 1.0f / spec.output().scale();
        double most = 255 * ((double) left + Math.abs(right)) * reciprocal;
        if (most >= Lanes.SMALL || Math.min(left, Math.abs(right)) < PairNumbers.LEAST) {
            return null;
        }
        return new VectorSum(new PairNumbers(spec, left / PairNumbers.SCALE, right / PairNumbers.SCALE, reciprocal));
    }

    @Override
    void steps(byte[] left, int leftAt, byte[] right, int rightAt, float[] steps, int count) {
        ByteVector flipA = ByteVector.fromArray(HALF, numbers.leftFlip, 0);
        ByteVector flipB = ByteVector.fromArray(HALF, numbers.rightFlip, 0);
        ShortVector zeroA = ShortVector.fromArray(SHORTS, numbers.leftZero, 0);
        ShortVector zeroB = ShortVector.fromArray(SHORTS, numbers.rightZero, 0);
        FloatVector scaleA = FloatVector.fromArray(FLOATS, numbers.leftFactor, 0);
        FloatVector scaleB = FloatVector.fromArray(FLOATS, numbers.rightFactor, 0);
        FloatVector factor = FloatVector.fromArray(FLOATS, numbers.factor, 0);
        IntVector upper = IntVector.fromArray(INTS, numbers.upperHalf, 0);
        for (int i = 0; i < count; i += PAIRS) {
            IntVector a = ((ShortVector) ByteVector.fromArray(HALF, left, leftAt + i)
                    .lanewise(VectorOperators.XOR, flipA).convertShape(VectorOperators.ZERO_EXTEND_B2S, SHORTS, 0))
                    .sub(zeroA).reinterpretAsInts();
            IntVector b = ((ShortVector) ByteVector.fromArray(HALF, right, rightAt + i)
                    .lanewise(VectorOperators.XOR, flipB).convertShape(VectorOperators.ZERO_EXTEND_B2S, SHORTS, 0))
                    .sub(zeroB).reinterpretAsInts();
            FloatVector firstA = (FloatVector) a.lanewise(VectorOperators.LSHL, Short.SIZE)
                    .convert(VectorOperators.I2F, 0);
            FloatVector firstB = (FloatVector) b.lanewise(VectorOperators.LSHL, Short.SIZE)
                    .convert(VectorOperators.I2F, 0);
            FloatVector secondA = (FloatVector) a.and(upper).convert(VectorOperators.I2F, 0);
            FloatVector secondB = (FloatVector) b.and(upper).convert(VectorOperators.I2F, 0);
            firstA.mul(scaleA).add(firstB.mul(scaleB)).mul(factor).intoArray(steps, i);
            secondA.mul(scaleA).add(secondB.mul(scaleB)).mul(factor).intoArray(steps, i + LANES);
        }
    }

    @Override
    void steps(MemorySegment left, long leftOffset, MemorySegment right, long rightOffset, float[] steps, int count) {
        MemorySegment x = Backing.outside(left);
        MemorySegment w = Backing.outside(right);
        ByteVector flipA = ByteVector.fromArray(HALF, numbers.leftFlip, 0);
        ByteVector flipB = ByteVector.fromArray(HALF, numbers.rightFlip, 0);
        ShortVector zeroA = ShortVector.fromArray(SHORTS, numbers.leftZero, 0);
        ShortVector zeroB = ShortVector.fromArray(SHORTS, numbers.rightZero, 0);
        FloatVector scaleA = FloatVector.fromArray(FLOATS, numbers.leftFactor, 0);
        FloatVector scaleB = FloatVector.fromArray(FLOATS, numbers.rightFactor, 0);
        FloatVector factor = FloatVector.fromArray(FLOATS, numbers.factor, 0);
        IntVector upper = IntVector.fromArray(INTS, numbers.upperHalf, 0);
        for (int i = 0; i < count; i += PAIRS) {
            IntVector a = ((ShortVector) ByteVector.fromMemorySegment(HALF, x, leftOffset + i, LITTLE_ENDIAN)
                    .lanewise(VectorOperators.XOR, flipA).convertShape(VectorOperators.ZERO_EXTEND_B2S, SHORTS, 0))
                    .sub(zeroA).reinterpretAsInts();
            IntVector b = ((ShortVector) ByteVector.fromMemorySegment(HALF, w, rightOffset + i, LITTLE_ENDIAN)
                    .lanewise(VectorOperators.XOR, flipB).convertShape(VectorOperators.ZERO_EXTEND_B2S, SHORTS, 0))
                    .sub(zeroB).reinterpretAsInts();
            FloatVector firstA = (FloatVector) a.lanewise(VectorOperators.LSHL, Short.SIZE)
                    .convert(VectorOperators.I2F, 0);
            FloatVector firstB = (FloatVector) b.lanewise(VectorOperators.LSHL, Short.SIZE)
                    .convert(VectorOperators.I2F, 0);
            FloatVector secondA = (FloatVector) a.and(upper).convert(VectorOperators.I2F, 0);
            FloatVector secondB = (FloatVector) b.and(upper).convert(VectorOperators.I2F, 0);
            firstA.mul(scaleA).add(firstB.mul(scaleB)).mul(factor).intoArray(steps, i);
            secondA.mul(scaleA).add(secondB.mul(scaleB)).mul(factor).intoArray(steps, i + LANES);
        }
    }
}

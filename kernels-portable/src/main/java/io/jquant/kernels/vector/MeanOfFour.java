// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.SHORTS;
import static io.jquant.kernels.vector.Lanes.WIDE;
import static io.jquant.kernels.vector.Lanes.WIDE_LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.kernels.common.PoolBlock;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Quarters of the sums of four bytes, as floats round them, in shorts: of every second byte each. The last vector of a
 * pixel overlaps the one before it.
 */
final class MeanOfFour {
    static final int TAPS = 4;
    static final float QUARTER = 0.25f;

    /** What is added to sums of bytes as u8. */
    private final short first;
    private final short low;
    private final short high;
    private final short after;
    private final byte flip;

    /**
     * @param inputZero the input's zero point, as u8
     * @param flip what makes bytes u8
     * @param before what is added before rounding
     * @param after what is added after it
     * @param min the smallest output
     * @param max the largest
     */
    MeanOfFour(int inputZero, byte flip, int before, int after, int min, int max) {
        first = (short) (TAPS * (before - inputZero));
        low = (short) (min - after);
        high = (short) (max - after);
        this.after = (short) after;
        this.flip = flip;
    }

    /** {@return whether it takes these pixels} */
    static boolean takes(PoolBlock block, int taps) {
        return taps == TAPS && block.multiplier == QUARTER && block.channels >= WIDE_LANES;
    }

    /** Computes pixels of arrays. */
    void run(PoolBlock block, byte[] input, int at, int[] reach, byte[] output, int outputAt) {
        for (int c = 0; c < block.channels; c += WIDE_LANES) {
            int channel = Math.min(c, block.channels - WIDE_LANES);
            int from = at + channel;
            run(input, from + reach[0], from + reach[1], from + reach[2], from + reach[3], (int) block.pixelStep,
                    block.pixels, output, outputAt + channel, block.channels);
        }
    }

    private void run(byte[] input, int one, int two, int three, int four, int step, int pixels, byte[] output,
            int outputAt, int outputStep) {
        ByteVector flips = ByteVector.broadcast(WIDE, flip);
        ShortVector mask = ShortVector.broadcast(SHORTS, (short) 0xFF);
        ShortVector unit = ShortVector.broadcast(SHORTS, (short) 1);
        ShortVector begin = ShortVector.broadcast(SHORTS, first);
        ShortVector least = ShortVector.broadcast(SHORTS, low);
        ShortVector most = ShortVector.broadcast(SHORTS, high);
        ShortVector last = ShortVector.broadcast(SHORTS, after);
        for (int i = 0; i < pixels; i++) {
            int place = i * step;
            ShortVector a = ByteVector.fromArray(WIDE, input, one + place).lanewise(VectorOperators.XOR, flips)
                    .reinterpretAsShorts();
            ShortVector b = ByteVector.fromArray(WIDE, input, two + place).lanewise(VectorOperators.XOR, flips)
                    .reinterpretAsShorts();
            ShortVector c = ByteVector.fromArray(WIDE, input, three + place).lanewise(VectorOperators.XOR, flips)
                    .reinterpretAsShorts();
            ShortVector d = ByteVector.fromArray(WIDE, input, four + place).lanewise(VectorOperators.XOR, flips)
                    .reinterpretAsShorts();
            ShortVector even = a.and(mask).add(b.and(mask)).add(c.and(mask).add(d.and(mask))).add(begin);
            ShortVector odd = a.lanewise(VectorOperators.LSHR, Byte.SIZE)
                    .add(b.lanewise(VectorOperators.LSHR, Byte.SIZE))
                    .add(c.lanewise(VectorOperators.LSHR, Byte.SIZE).add(d.lanewise(VectorOperators.LSHR, Byte.SIZE)))
                    .add(begin);
            // a quarter, ties to even: 1 is added, and one more where the quotient is odd
            even = even.add(even.lanewise(VectorOperators.ASHR, 2).and(unit).add(unit))
                    .lanewise(VectorOperators.ASHR, 2).max(least).min(most).add(last).and(mask);
            odd = odd.add(odd.lanewise(VectorOperators.ASHR, 2).and(unit).add(unit))
                    .lanewise(VectorOperators.ASHR, 2).max(least).min(most).add(last)
                    .lanewise(VectorOperators.LSHL, Byte.SIZE);
            even.or(odd).reinterpretAsBytes()
                    .intoArray(output, outputAt + i * outputStep);
        }
    }

    /** Computes pixels outside the heap. */
    void run(PoolBlock block, int[] reach) {
        for (int c = 0; c < block.channels; c += WIDE_LANES) {
            int channel = Math.min(c, block.channels - WIDE_LANES);
            long from = block.inputOffset + channel;
            run(block.input, from + reach[0], from + reach[1], from + reach[2], from + reach[3], block.pixelStep,
                    block.pixels, block.output, block.outputOffset + channel, block.channels);
        }
    }

    private void run(MemorySegment input, long one, long two, long three, long four, long step, int pixels,
            MemorySegment output, long outputAt, long outputStep) {
        MemorySegment from = Backing.outside(input);
        MemorySegment to = Backing.outside(output);
        ByteVector flips = ByteVector.broadcast(WIDE, flip);
        ShortVector mask = ShortVector.broadcast(SHORTS, (short) 0xFF);
        ShortVector unit = ShortVector.broadcast(SHORTS, (short) 1);
        ShortVector begin = ShortVector.broadcast(SHORTS, first);
        ShortVector least = ShortVector.broadcast(SHORTS, low);
        ShortVector most = ShortVector.broadcast(SHORTS, high);
        ShortVector last = ShortVector.broadcast(SHORTS, after);
        for (int i = 0; i < pixels; i++) {
            long place = i * step;
            ShortVector a = ByteVector.fromMemorySegment(WIDE, from, one + place, LITTLE_ENDIAN)
                    .lanewise(VectorOperators.XOR, flips).reinterpretAsShorts();
            ShortVector b = ByteVector.fromMemorySegment(WIDE, from, two + place, LITTLE_ENDIAN)
                    .lanewise(VectorOperators.XOR, flips).reinterpretAsShorts();
            ShortVector c = ByteVector.fromMemorySegment(WIDE, from, three + place, LITTLE_ENDIAN)
                    .lanewise(VectorOperators.XOR, flips).reinterpretAsShorts();
            ShortVector d = ByteVector.fromMemorySegment(WIDE, from, four + place, LITTLE_ENDIAN)
                    .lanewise(VectorOperators.XOR, flips).reinterpretAsShorts();
            ShortVector even = a.and(mask).add(b.and(mask)).add(c.and(mask).add(d.and(mask))).add(begin);
            ShortVector odd = a.lanewise(VectorOperators.LSHR, Byte.SIZE)
                    .add(b.lanewise(VectorOperators.LSHR, Byte.SIZE))
                    .add(c.lanewise(VectorOperators.LSHR, Byte.SIZE).add(d.lanewise(VectorOperators.LSHR, Byte.SIZE)))
                    .add(begin);
            // a quarter, ties to even: 1 is added, and one more where the quotient is odd
            even = even.add(even.lanewise(VectorOperators.ASHR, 2).and(unit).add(unit))
                    .lanewise(VectorOperators.ASHR, 2).max(least).min(most).add(last).and(mask);
            odd = odd.add(odd.lanewise(VectorOperators.ASHR, 2).and(unit).add(unit))
                    .lanewise(VectorOperators.ASHR, 2).max(least).min(most).add(last)
                    .lanewise(VectorOperators.LSHL, Byte.SIZE);
            even.or(odd).reinterpretAsBytes()
                    .intoMemorySegment(to, outputAt + i * outputStep, LITTLE_ENDIAN);
        }
    }
}

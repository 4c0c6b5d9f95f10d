// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.vector;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.kernels.vector.FewRows;
import io.jquant.kernels.vector.FloatTile;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** 512-bit vectors: a row with both vectors of a panel, or two rows with one of them. */
final class Avx512FewRows implements FewRows {
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_512;
    private static final int LANES = 16;
    private static final int SHORT_LANES = 2 * LANES;
    private static final int BYTES = 4 * LANES;
    /** Bytes of a step. */
    private static final int STEP = 2 * BYTES;
    /** Takes nothing of the number of a step, but makes C2 check it in the loop, which it unrolls too far otherwise. */
    private static final int MASK = 0xFFFF;

    /** For all lanes of a shift: of shorts, C2 would load a constant number anew for every one. */
    private final short[] eights = new short[2 * LANES];

    Avx512FewRows() {
        Arrays.fill(eights, (short) Byte.SIZE);
    }

    @Override
    public void multiply(int rows, int[] terms, int termsAt, int termsStep, MemorySegment weights, long weightsAt,
            int steps, short[] parts, int[] sums, int sumsAt, int sumsStep) {
        int row = 0;
        for (; row + 2 <= rows; row += 2) {
            int at = termsAt + row * termsStep;
            int to = sumsAt + row * sumsStep;
            multiply2(terms, at, termsStep, weights, weightsAt, steps, eights, parts);
            subtract(parts, 0, sums, to);
            subtract(parts, 2 * SHORT_LANES, sums, to + sumsStep);
            multiply2(terms, at, termsStep, weights, weightsAt + BYTES, steps, eights, parts);
            subtract(parts, 0, sums, to + LANES);
            subtract(parts, 2 * SHORT_LANES, sums, to + sumsStep + LANES);
        }
        if (row < rows) {
            int to = sumsAt + row * sumsStep;
            multiply1(terms, termsAt + row * termsStep, weights, weightsAt, steps, eights, parts);
            subtract(parts, 0, sums, to);
            subtract(parts, 2 * SHORT_LANES, sums, to + LANES);
        }
    }

    /** Subtracts what shorts sum up to, given the sums of their upper bytes and, modulo 2^16, of themselves. */
    private static void subtract(short[] parts, int from, int[] sums, int at) {
        ShortVector upper = ShortVector.fromArray(SHORTS, parts, from);
        ShortVector all = ShortVector.fromArray(SHORTS, parts, from + SHORT_LANES);
        IntVector uppers = upper.reinterpretAsInts();
        IntVector lower = all.sub(uppers.lanewise(VectorOperators.LSHL, 8).reinterpretAsShorts()
                .lanewise(VectorOperators.AND_NOT, (short) 0xFF)).reinterpretAsInts();
        IntVector high = uppers.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16)
                .add(uppers.lanewise(VectorOperators.ASHR, 16));
        IntVector low = lower.and(0xFFFF).add(lower.lanewise(VectorOperators.LSHR, 16));
        IntVector.fromArray(INTS, sums, at).sub(high.lanewise(VectorOperators.LSHL, 8).add(low)).intoArray(sums, at);
    }

    private static void multiply1(int[] terms, int termsAt, MemorySegment weights, long weightsAt, int steps,
            short[] eights, short[] parts) {
        ShortVector h0 = ShortVector.zero(SHORTS);
        ShortVector l0 = ShortVector.zero(SHORTS);
        ShortVector h1 = ShortVector.zero(SHORTS);
        ShortVector l1 = ShortVector.zero(SHORTS);
        ShortVector eight = ShortVector.fromArray(SHORTS, eights, 0);
        MemorySegment known = FloatTile.known(weights);
        // two steps, for which C2 checks and moves as much as for one
        for (int i = 0; i < steps; i += 2) {
            long at = weightsAt + (long) i * STEP;
            int first = termsAt + 2 * (i & MASK);
            ShortVector even = IntVector.broadcast(INTS, terms[first]).reinterpretAsShorts();
            ShortVector odd = IntVector.broadcast(INTS, terms[first + 1]).reinterpretAsShorts();
            IntVector w0 = IntVector.fromMemorySegment(INTS, known, at, LITTLE_ENDIAN);
            ShortVector s0 = w0.lanewise(VectorOperators.LSHL, 8).reinterpretAsShorts()
                    .lanewise(VectorOperators.ASHR, eight).mul(even)
                    .add(w0.reinterpretAsShorts().lanewise(VectorOperators.ASHR, eight).mul(odd));
            l0 = l0.add(s0);
            h0 = h0.add(s0.lanewise(VectorOperators.ASHR, eight));
            IntVector w1 = IntVector.fromMemorySegment(INTS, known, at + BYTES, LITTLE_ENDIAN);
            ShortVector s1 = w1.lanewise(VectorOperators.LSHL, 8).reinterpretAsShorts()
                    .lanewise(VectorOperators.ASHR, eight).mul(even)
                    .add(w1.reinterpretAsShorts().lanewise(VectorOperators.ASHR, eight).mul(odd));
            l1 = l1.add(s1);
            h1 = h1.add(s1.lanewise(VectorOperators.ASHR, eight));
            ShortVector evenNext = IntVector.broadcast(INTS, terms[first + 2]).reinterpretAsShorts();
            ShortVector oddNext = IntVector.broadcast(INTS, terms[first + 3]).reinterpretAsShorts();
            IntVector w2 = IntVector.fromMemorySegment(INTS, known, at + STEP, LITTLE_ENDIAN);
            ShortVector s2 = w2.lanewise(VectorOperators.LSHL, 8).reinterpretAsShorts()
                    .lanewise(VectorOperators.ASHR, eight).mul(evenNext)
                    .add(w2.reinterpretAsShorts().lanewise(VectorOperators.ASHR, eight).mul(oddNext));
            l0 = l0.add(s2);
            h0 = h0.add(s2.lanewise(VectorOperators.ASHR, eight));
            IntVector w3 = IntVector.fromMemorySegment(INTS, known, at + STEP + BYTES, LITTLE_ENDIAN);
            ShortVector s3 = w3.lanewise(VectorOperators.LSHL, 8).reinterpretAsShorts()
                    .lanewise(VectorOperators.ASHR, eight).mul(evenNext)
                    .add(w3.reinterpretAsShorts().lanewise(VectorOperators.ASHR, eight).mul(oddNext));
            l1 = l1.add(s3);
            h1 = h1.add(s3.lanewise(VectorOperators.ASHR, eight));
        }
        h0.intoArray(parts, 0);
        l0.intoArray(parts, SHORT_LANES);
        h1.intoArray(parts, 2 * SHORT_LANES);
        l1.intoArray(parts, 3 * SHORT_LANES);
    }

    private static void multiply2(int[] terms, int termsAt, int termsStep, MemorySegment weights, long weightsAt,
            int steps, short[] eights, short[] parts) {
        ShortVector h0 = ShortVector.zero(SHORTS);
        ShortVector l0 = ShortVector.zero(SHORTS);
        ShortVector h1 = ShortVector.zero(SHORTS);
        ShortVector l1 = ShortVector.zero(SHORTS);
        ShortVector eight = ShortVector.fromArray(SHORTS, eights, 0);
        MemorySegment known = FloatTile.known(weights);
        for (int i = 0; i < steps; i++) {
            long at = weightsAt + (long) i * STEP;
            int first = termsAt + 2 * (i & MASK);
            int second = first + termsStep;
            IntVector four = IntVector.fromMemorySegment(INTS, known, at, LITTLE_ENDIAN);
            ShortVector even = four.lanewise(VectorOperators.LSHL, 8).reinterpretAsShorts()
                    .lanewise(VectorOperators.ASHR, eight);
            ShortVector odd = four.reinterpretAsShorts().lanewise(VectorOperators.ASHR, eight);
            ShortVector s0 = even.mul(IntVector.broadcast(INTS, terms[first]).reinterpretAsShorts())
                    .add(odd.mul(IntVector.broadcast(INTS, terms[first + 1]).reinterpretAsShorts()));
            l0 = l0.add(s0);
            h0 = h0.add(s0.lanewise(VectorOperators.ASHR, eight));
            ShortVector s1 = even.mul(IntVector.broadcast(INTS, terms[second]).reinterpretAsShorts())
                    .add(odd.mul(IntVector.broadcast(INTS, terms[second + 1]).reinterpretAsShorts()));
            l1 = l1.add(s1);
            h1 = h1.add(s1.lanewise(VectorOperators.ASHR, eight));
        }
        h0.intoArray(parts, 0);
        l0.intoArray(parts, SHORT_LANES);
        h1.intoArray(parts, 2 * SHORT_LANES);
        l1.intoArray(parts, 3 * SHORT_LANES);
    }
}

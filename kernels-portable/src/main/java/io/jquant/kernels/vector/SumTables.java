// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import io.jquant.BinarySpec;
import io.jquant.kernels.portable.Affine;
import java.util.Arrays;

/**
 * A sum or difference of bytes without floats. Before it is rounded, a result is the sum of two numbers, one of each
 * byte. Their whole parts are added, and 1 where their fractions reach 1 together, which is a question of order alone:
 * right bytes are ranked by their fractions, and the left byte decides above which rank 1 is added. So the result is
 *
 * <pre>{@code
 * left[a] + (ranks[b] > cuts[a] ? 1 : 0) + right[b]
 * }</pre>
 *
 * <p>within its bounds, in an addition of bytes that saturates: of u8 where no sum is below the output's type, and of
 * s8, of which 0 stands for the type's middle, where the parts are. The definition rounds in floats, and ties to even.
 * That matters where fractions sum up to nearly a whole number, so there it is asked; where its answers contradict each
 * other, there are no tables.
 */
final class SumTables {
    static final int BYTES = 256;
    /** What a byte holds. */
    private static final int MOST = 255;
    /** Numbers that are worth a look: what floats make of their sum errs by less than 2^-12. */
    private static final double FAR = 1 << 9;
    /** How near to a whole number the definition is asked. */
    private static final double NEAR = 0x1p-10;
    /** Bits of a fraction that are sorted. */
    private static final double SORTED = 0x1p40;

    /** Whether whole parts and results are s8, and not u8. */
    final boolean signed;
    final byte[] left = new byte[BYTES];
    /** The last rank for which nothing is added. */
    final byte[] cuts = new byte[BYTES];
    final byte[] right = new byte[BYTES];
    final byte[] ranks = new byte[BYTES];

    private SumTables(Search found, boolean signed, int leftOffset, int rightOffset) {
        this.signed = signed;
        for (int i = 0; i < BYTES; i++) {
            left[i] = (byte) (found.lefts[i] + leftOffset);
            cuts[i] = (byte) (found.firsts[i] - 1);
            // without a sign, what is beyond the most saturates with whatever is added; with one, nothing is
            right[i] = (byte) Math.min(MOST, found.rights[i] + rightOffset);
            ranks[i] = (byte) found.ranks[i];
        }
    }

    /** {@return the tables of a sum or difference; null where there are none} */
    static SumTables of(BinarySpec spec) {
        return new Search(spec).tables();
    }

    /** Results are taken from the type's least number on. */
    private static final class Search {
        final int[] lefts = new int[BYTES];
        /** The first rank for which 1 is added, 1 to 256. */
        final int[] firsts = new int[BYTES];
        final int[] rights = new int[BYTES];
        final int[] ranks = new int[BYTES];
        /** Of right bytes, and those by their rank. */
        private final double[] fractions = new double[BYTES];
        private final int[] byRank = new int[BYTES];
        private final float[] leftReals = new float[BYTES];
        private final float[] rightReals = new float[BYTES];
        private final Affine output;
        private final int low;
        private final int high;
        private final int first;

        Search(BinarySpec spec) {
            Affine left = Affine.of(spec.left());
            Affine right = Affine.of(spec.right());
            output = Affine.of(spec.output());
            first = output.type().min();
            low = spec.activation().quantizedMin(spec.output());
            high = spec.activation().quantizedMax(spec.output());
            float sign = spec.function() == BinarySpec.Function.SUBTRACT ? -1 : 1;
            for (int i = 0; i < BYTES; i++) {
                leftReals[i] = left.dequantize(left.integer((byte) i));
                rightReals[i] = sign * right.dequantize(right.integer((byte) i));
            }
        }

        SumTables tables() {
            double reciprocal = 1.0f / output.scale();
            double[] leftFractions = new double[BYTES];
            for (int i = 0; i < BYTES; i++) {
                double left = leftReals[i] * reciprocal + output.zeroPoint() - first + 0.5;
                double right = rightReals[i] * reciprocal;
                if (!(Math.abs(left) < FAR && Math.abs(right) < FAR)) {
                    return null;
                }
                lefts[i] = (int) Math.floor(left);
                leftFractions[i] = left - lefts[i];
                rights[i] = (int) Math.floor(right);
                fractions[i] = right - rights[i];
            }
            rank();
            for (int i = 0; i < BYTES; i++) {
                if (!cut(i, leftFractions[i])) {
                    return null;
                }
            }
            return inBytes();
        }

        private void rank() {
            long[] keys = new long[BYTES];
            for (int i = 0; i < BYTES; i++) {
                long sorted = (long) (fractions[i] * SORTED);
                keys[i] = sorted * BYTES + i;
            }
            Arrays.sort(keys);
            for (int i = 0; i < BYTES; i++) {
                byRank[i] = (int) (keys[i] % BYTES);
                ranks[byRank[i]] = i;
            }
        }

        /** Finds a left byte's cut; says whether there is one with which all its results are as defined. */
        private boolean cut(int left, double fraction) {
            int least = upTo(1 - NEAR - fraction);
            int end = upTo(1 + NEAR - fraction);
            int most = end;
            for (int rank = least; rank < end; rank++) {
                boolean without = is(left, byRank[rank], 0);
                boolean with = is(left, byRank[rank], 1);
                if (!without && !with) {
                    return false;
                }
                if (!without) {
                    most = Math.min(most, rank);
                } else if (!with) {
                    least = rank + 1;
                }
            }
            boolean ends = agree(left, 0, upTo(NEAR - fraction), 0)
                    && agree(left, upTo(2 - NEAR - fraction), BYTES, 1);
            // if 1 is added for all, it is part of the whole
            lefts[left] += most == 0 ? 1 : 0;
            firsts[left] = most == 0 ? BYTES : most;
            return least <= most && ends;
        }

        /** {@return how many right fractions are up to a number} */
        private int upTo(double number) {
            int from = 0;
            int to = BYTES;
            while (from < to) {
                int middle = (from + to) / 2;
                if (fractions[byRank[middle]] <= number) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            return from;
        }

        private boolean agree(int left, int from, int to, int more) {
            boolean agree = true;
            for (int rank = from; rank < to; rank++) {
                agree &= is(left, byRank[rank], more);
            }
            return agree;
        }

        /** Whether the definition's result is that of the whole parts and something more. */
        private boolean is(int left, int right, int more) {
            int result = Math.clamp(output.quantize(leftReals[left] + rightReals[right]), low, high);
            return Math.clamp((long) lefts[left] + rights[right] + first + more, low, high) == result;
        }

        private SumTables inBytes() {
            int leftLeast = Integer.MAX_VALUE;
            int leftMost = Integer.MIN_VALUE;
            int rightLeast = Integer.MAX_VALUE;
            int rightMost = Integer.MIN_VALUE;
            for (int i = 0; i < BYTES; i++) {
                leftLeast = Math.min(leftLeast, lefts[i]);
                leftMost = Math.max(leftMost, lefts[i] + (firsts[i] < BYTES ? 1 : 0));
                rightLeast = Math.min(rightLeast, rights[i]);
                rightMost = Math.max(rightMost, rights[i]);
            }
            if (leftLeast + rightLeast >= 0) {
                return leftMost - leftLeast <= MOST ? new SumTables(this, false, -leftLeast, leftLeast) : null;
            }
            int least = Math.max(Byte.MIN_VALUE - leftLeast, rightMost - MOST);
            int most = Math.min(Byte.MAX_VALUE - leftMost, rightLeast);
            return least <= most ? new SumTables(this, true, least, Byte.MIN_VALUE - least) : null;
        }
    }
}

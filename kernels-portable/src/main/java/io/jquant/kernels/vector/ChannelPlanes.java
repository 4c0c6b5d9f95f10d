// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import java.util.stream.IntStream;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Floats of some channels of pixels, in planes: what a plane holds of a pixel is one vector, and pixels follow each
 * other, so that loops over them go through memory in a line. A group of channels, as many as a vector has bytes, makes
 * four planes; channel {@code 4 * l + p} of it is lane {@code l} of plane {@code p}, since so a byte becomes a float,
 * and four planes one vector of bytes, with shifts and masks alone.
 */
final class ChannelPlanes {
    /** At most 256 bits: a wider group has more channels than many convolutions. */
    private static final VectorShape SHAPE =
            VectorShape.forBitSize(Math.min(256, FloatVector.SPECIES_PREFERRED.vectorBitSize()));
    private static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, SHAPE);
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SHAPE);
    static final VectorSpecies<Byte> BYTES = VectorSpecies.of(byte.class, SHAPE);
    static final int LANES = FLOATS.length();
    /** Of several pixels of a plane where the JVM's are wider: what channels have of their own lies repeated. */
    private static final VectorSpecies<Float> WIDE = FloatVector.SPECIES_PREFERRED;
    static final int WIDE_LANES = WIDE.length();
    static final int PLANES = 4;
    /** Channels of a group. */
    static final int GROUP = PLANES * LANES;
    private static final VectorSpecies<Integer> WIDE_INTS = VectorSpecies.of(int.class, WIDE.vectorShape());
    /** Lanes of two vectors of two pixels each: the second and the third pixel. */
    private static final int[] MIDDLE = IntStream.range(LANES, LANES + WIDE_LANES).toArray();
    /** Terms that a loop adds. */
    static final int TERMS = 9;

    private ChannelPlanes() {
    }

    /** {@return where the planes have a channel, as if each were one pixel long} */
    static int place(int channel) {
        int within = channel % GROUP;
        return channel - within + within % PLANES * LANES + within / PLANES;
    }

    /** Brings u8 pixels into planes. */
    static void load(byte[] input, int at, int step, int pixels, float[] planes, int planesAt, int plane) {
        IntVector mask = IntVector.broadcast(INTS, 0xFF);
        for (int i = 0; i < pixels; i++) {
            IntVector fours = ByteVector.fromArray(BYTES, input, at + i * step).reinterpretAsInts();
            int to = planesAt + i * LANES;
            ((FloatVector) fours.and(mask).convert(VectorOperators.I2F, 0)).intoArray(planes, to);
            ((FloatVector) fours.lanewise(VectorOperators.LSHR, 8).and(mask).convert(VectorOperators.I2F, 0))
                    .intoArray(planes, to + plane);
            ((FloatVector) fours.lanewise(VectorOperators.LSHR, 16).and(mask).convert(VectorOperators.I2F, 0))
                    .intoArray(planes, to + 2 * plane);
            ((FloatVector) fours.lanewise(VectorOperators.LSHR, 24).convert(VectorOperators.I2F, 0))
                    .intoArray(planes, to + 3 * plane);
        }
    }

    /**
     * Sums of {@link #TERMS} products, from what all pixels begin with.
     *
     * @param input planes
     * @param plane where a plane begins
     * @param reach where the pixels of every term are from there, from an index on
     * @param term that index
     * @param weights vectors of weights, one for every term
     * @param weightsAt where they begin
     * @param initial what sums begin with
     * @param initialAt where that vector is
     * @param sums gets the sums
     * @param sumsAt where they begin, with room for whole vectors
     * @param pixels how many pixels
     */
    static void sum(float[] input, int plane, int[] reach, int term, float[] weights, int weightsAt, float[] initial,
            int initialAt, float[] sums, int sumsAt, int pixels) {
        int at0 = plane + reach[term];
        int at1 = plane + reach[term + 1];
        int at2 = plane + reach[term + 2];
        int at3 = plane + reach[term + 3];
        int at4 = plane + reach[term + 4];
        int at5 = plane + reach[term + 5];
        int at6 = plane + reach[term + 6];
        int at7 = plane + reach[term + 7];
        int at8 = plane + reach[term + 8];
        FloatVector weight0 = FloatVector.fromArray(WIDE, weights, weightsAt);
        FloatVector weight1 = FloatVector.fromArray(WIDE, weights, weightsAt + WIDE_LANES);
        FloatVector weight2 = FloatVector.fromArray(WIDE, weights, weightsAt + 2 * WIDE_LANES);
        FloatVector weight3 = FloatVector.fromArray(WIDE, weights, weightsAt + 3 * WIDE_LANES);
        FloatVector weight4 = FloatVector.fromArray(WIDE, weights, weightsAt + 4 * WIDE_LANES);
        FloatVector weight5 = FloatVector.fromArray(WIDE, weights, weightsAt + 5 * WIDE_LANES);
        FloatVector weight6 = FloatVector.fromArray(WIDE, weights, weightsAt + 6 * WIDE_LANES);
        FloatVector weight7 = FloatVector.fromArray(WIDE, weights, weightsAt + 7 * WIDE_LANES);
        FloatVector weight8 = FloatVector.fromArray(WIDE, weights, weightsAt + 8 * WIDE_LANES);
        FloatVector begin = FloatVector.fromArray(WIDE, initial, initialAt);
        for (int i = 0; i < pixels * LANES; i += WIDE_LANES) {
            FloatVector a = FloatVector.fromArray(WIDE, input, at0 + i).fma(weight0, begin);
            FloatVector b = FloatVector.fromArray(WIDE, input, at3 + i).mul(weight3);
            FloatVector c = FloatVector.fromArray(WIDE, input, at6 + i).mul(weight6);
            a = FloatVector.fromArray(WIDE, input, at1 + i).fma(weight1, a);
            b = FloatVector.fromArray(WIDE, input, at4 + i).fma(weight4, b);
            c = FloatVector.fromArray(WIDE, input, at7 + i).fma(weight7, c);
            a = FloatVector.fromArray(WIDE, input, at2 + i).fma(weight2, a);
            b = FloatVector.fromArray(WIDE, input, at5 + i).fma(weight5, b);
            c = FloatVector.fromArray(WIDE, input, at8 + i).fma(weight8, c);
            a.add(b).add(c).intoArray(sums, sumsAt + i);
        }
    }

    /**
     * Sums of two rows of pixels next to each other with three taps of three rows, where the second row's taps are the
     * first's a row further down. A vector has two pixels: what a row of the input has under the middle taps is the
     * upper half of one vector and the lower of the next, which costs less than a load across two lines of the cache.
     *
     * @param input planes
     * @param plane where a plane begins
     * @param reach where the pixels of the first row's taps and of three below them are from there
     * @param weights vectors of weights, one for every tap
     * @param weightsAt where they begin
     * @param initial what sums begin with
     * @param initialAt where that vector is
     * @param sums gets the sums
     * @param sumsAt where the first row's begin, with room for whole vectors
     * @param belowAt where the second's begin
     * @param pixels how many pixels of a row
     */
    static void sumTwo(float[] input, int plane, int[] reach, float[] weights, int weightsAt, float[] initial,
            int initialAt, float[] sums, int sumsAt, int belowAt, int pixels) {
        int row0 = plane + reach[0];
        int row1 = plane + reach[3];
        int row2 = plane + reach[6];
        int row3 = plane + reach[9];
        FloatVector weight0 = FloatVector.fromArray(WIDE, weights, weightsAt);
        FloatVector weight1 = FloatVector.fromArray(WIDE, weights, weightsAt + WIDE_LANES);
        FloatVector weight2 = FloatVector.fromArray(WIDE, weights, weightsAt + 2 * WIDE_LANES);
        FloatVector weight3 = FloatVector.fromArray(WIDE, weights, weightsAt + 3 * WIDE_LANES);
        FloatVector weight4 = FloatVector.fromArray(WIDE, weights, weightsAt + 4 * WIDE_LANES);
        FloatVector weight5 = FloatVector.fromArray(WIDE, weights, weightsAt + 5 * WIDE_LANES);
        FloatVector weight6 = FloatVector.fromArray(WIDE, weights, weightsAt + 6 * WIDE_LANES);
        FloatVector weight7 = FloatVector.fromArray(WIDE, weights, weightsAt + 7 * WIDE_LANES);
        FloatVector weight8 = FloatVector.fromArray(WIDE, weights, weightsAt + 8 * WIDE_LANES);
        FloatVector begin = FloatVector.fromArray(WIDE, initial, initialAt);
        IntVector middle = IntVector.fromArray(WIDE_INTS, MIDDLE, 0);
        FloatVector x0 = FloatVector.fromArray(WIDE, input, row0);
        FloatVector x3 = FloatVector.fromArray(WIDE, input, row1);
        FloatVector x6 = FloatVector.fromArray(WIDE, input, row2);
        FloatVector x9 = FloatVector.fromArray(WIDE, input, row3);
        for (int i = 0; i < pixels * LANES; i += WIDE_LANES) {
            int next = i + WIDE_LANES;
            FloatVector x2 = FloatVector.fromArray(WIDE, input, row0 + next);
            FloatVector x5 = FloatVector.fromArray(WIDE, input, row1 + next);
            FloatVector x8 = FloatVector.fromArray(WIDE, input, row2 + next);
            FloatVector x11 = FloatVector.fromArray(WIDE, input, row3 + next);
            FloatVector x1 = middle.selectFrom(x0.reinterpretAsInts(), x2.reinterpretAsInts()).reinterpretAsFloats();
            FloatVector x4 = middle.selectFrom(x3.reinterpretAsInts(), x5.reinterpretAsInts()).reinterpretAsFloats();
            FloatVector x7 = middle.selectFrom(x6.reinterpretAsInts(), x8.reinterpretAsInts()).reinterpretAsFloats();
            FloatVector x10 = middle.selectFrom(x9.reinterpretAsInts(), x11.reinterpretAsInts()).reinterpretAsFloats();
            FloatVector a = x0.fma(weight0, begin);
            FloatVector b = x3.fma(weight0, begin);
            FloatVector c = x3.mul(weight3);
            FloatVector d = x6.mul(weight3);
            a = x2.fma(weight2, a);
            b = x5.fma(weight2, b);
            c = x5.fma(weight5, c);
            d = x8.fma(weight5, d);
            a = x6.fma(weight6, a);
            b = x9.fma(weight6, b);
            c = x8.fma(weight8, c);
            d = x11.fma(weight8, d);
            a = x1.fma(weight1, a);
            b = x4.fma(weight1, b);
            c = x4.fma(weight4, c);
            d = x7.fma(weight4, d);
            a = x7.fma(weight7, a);
            b = x10.fma(weight7, b);
            a.add(c).intoArray(sums, sumsAt + i);
            b.add(d).intoArray(sums, belowAt + i);
            x0 = x2;
            x3 = x5;
            x6 = x8;
            x9 = x11;
        }
    }

    /** Adds one vector after another. */
    static void add(float[] more, int moreAt, float[] sums, int sumsAt, int pixels) {
        for (int i = 0; i < pixels * LANES; i += WIDE_LANES) {
            FloatVector.fromArray(WIDE, more, moreAt + i).add(FloatVector.fromArray(WIDE, sums, sumsAt + i))
                    .intoArray(sums, sumsAt + i);
        }
    }
}

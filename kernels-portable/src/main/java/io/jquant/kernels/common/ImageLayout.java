// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jquant.ConvolutionSpec;
import io.jquant.Extent;
import java.lang.foreign.MemorySegment;

/**
 * The depth of a convolution as pieces of bytes that are next to each other in the image: a piece for every row of the
 * window, or, where taps are apart, for every tap. Pieces are filled up to a multiple of some bytes.
 *
 * @param pieces how many
 * @param bytes bytes of a piece
 * @param paddedBytes bytes of a piece with what fills it up
 * @param channels channels of a tap
 */
record ImageLayout(int pieces, int bytes, int paddedBytes, int channels) {
    /** The layout for a convolution of one group that is not transposed; null where there is none. */
    static ImageLayout of(ConvolutionSpec spec, int unit) {
        if (spec.groups() > 1 || spec.transposed()) {
            return null;
        }
        Extent kernel = spec.window().kernel();
        boolean dense = isDense(spec);
        int bytes = bytes(spec);
        int pieces = Math.toIntExact(kernel.volume() / (dense ? kernel.width() : 1));
        int padded = Math.ceilDiv(bytes, unit) * unit;
        return dense || padded == bytes ? new ImageLayout(pieces, bytes, padded, spec.inChannels()) : null;
    }

    /** {@return bytes of a piece before it is filled up} */
    static int bytes(ConvolutionSpec spec) {
        long taps = isDense(spec) ? spec.window().kernel().width() : 1;
        return Math.toIntExact(taps * spec.inChannels());
    }

    private static boolean isDense(ConvolutionSpec spec) {
        return spec.window().dilation().width() == 1;
    }

    /** {@return terms of a sum, with what fills up the pieces} */
    int depth() {
        return Math.multiplyExact(pieces, paddedBytes);
    }

    /** {@return whether pieces have to be filled up} */
    boolean isPadded() {
        return paddedBytes != bytes;
    }

    /** {@return a copy of weights {@code [column][channel][tap]} in the order of the pieces, filled up with a value} */
    MemorySegment spread(MemorySegment weights, int columns, byte filling) {
        MemorySegment spread = MemorySegment.ofArray(new byte[Math.multiplyExact(columns, depth())]).fill(filling);
        for (int column = 0; column < columns; column++) {
            for (int k = 0; k < pieces * bytes; k++) {
                spread.set(JAVA_BYTE, spreadAt(column, k), weights.get(JAVA_BYTE, weightAt(column, k)));
            }
        }
        return spread;
    }

    /** Undoes {@link #spread}. */
    void gather(MemorySegment spread, int columns, MemorySegment weights) {
        for (int column = 0; column < columns; column++) {
            for (int k = 0; k < pieces * bytes; k++) {
                weights.set(JAVA_BYTE, weightAt(column, k), spread.get(JAVA_BYTE, spreadAt(column, k)));
            }
        }
    }

    private long weightAt(int column, int k) {
        int terms = pieces * bytes;
        return (long) column * terms + (long) k % channels * (terms / channels) + k / channels;
    }

    private long spreadAt(int column, int k) {
        return (long) column * depth() + (long) k / bytes * paddedBytes + k % bytes;
    }
}

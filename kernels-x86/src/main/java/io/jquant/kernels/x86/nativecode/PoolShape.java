// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.kernels.common.ElementShape.Element;
import io.jquant.kernels.common.PoolBlock;

/**
 * What the code of a pooling depends on.
 *
 * @param wide whether vectors have 512 bits, and not 256
 * @param mean whether it is a mean, and not a maximum
 * @param input the elements of the input
 * @param output the elements of the output
 * @param piece how many channels are done at a time, the last ones together with some that were done: 64 or, on 256
 *     bits, 32, 16, 8, 4 or 1; 0 on 512 bits for fewer than 64, which are masked
 * @param rows rows of a window, those of all its planes, where there is code for each; 0 for a loop
 * @param width points of a row; 0 for a loop
 * @param words whether sums fit 16 bits
 */
record PoolShape(boolean wide, boolean mean, Element input, Element output, int piece, int rows, int width,
        boolean words) {
    /** How many kinds of window there are. */
    static final int VARIANTS = 18;

    /** Registers for rows, and multiples of a stride that an address can have. */
    private static final int MOST_ROWS = 3;
    private static final int MOST_WIDTH = 3;
    /** 255 times as many points fit 16 bits. */
    private static final int WORDS = 257;

    /** What does not depend on a block. */
    static PoolShape of(boolean wide, boolean mean, Element input, Element output) {
        return new PoolShape(wide, mean, input, output, 0, 0, 0, false);
    }

    /** A number below {@link #VARIANTS} for what depends on a block's window. */
    static int variant(PoolBlock block) {
        int lines = block.depth * block.height;
        int points = lines * block.width;
        return lines <= MOST_ROWS && block.width <= MOST_WIDTH ? 2 + lines * (MOST_WIDTH + 1) + block.width
                : points <= WORDS ? 1 : 0;
    }

    /** The same for a block. */
    PoolShape of(PoolBlock block) {
        int channels = block.channels;
        int most = wide ? channels < 64 ? 0 : 64 : Math.min(32, Integer.highestOneBit(channels));
        int lines = block.depth * block.height;
        boolean few = lines <= MOST_ROWS && block.width <= MOST_WIDTH;
        return new PoolShape(wide, mean, input, output, most == 2 ? 1 : most, few ? lines : 0, few ? block.width : 0,
                mean && lines * block.width <= WORDS);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.kernels.x86.nativecode.ElementShape.Element;

/**
 * What the code of a pooling depends on.
 *
 * @param wide whether vectors have 512 bits, and not 256
 * @param mean whether it is a mean, and not a maximum
 * @param input the elements of the input
 * @param output the elements of the output
 * @param piece how many channels are done at a time, the last ones together with some that were done: 64 or, on 256
 *     bits, 32, 16, 8, 4 or 1; 0 on 512 bits for fewer than 64, which are masked
 */
record PoolShape(boolean wide, boolean mean, Element input, Element output, int piece) {
    /** The same for a number of channels. */
    PoolShape of(int channels) {
        int most = wide ? channels < 64 ? 0 : 64 : Math.min(32, Integer.highestOneBit(channels));
        return new PoolShape(wide, mean, input, output, most == 2 ? 1 : most);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteTransposeTest {
    private static final int BEFORE = 3;
    private static final int BEHIND = 5;

    @Test
    void everySizeOfOneToThreeBlocks() {
        Random random = new Random(1);
        for (int height = ByteTranspose.SIDE; height <= 25; height++) {
            for (int width = 1; width <= 25; width++) {
                // in the input a column is a row, with a gap behind it
                int step = height + random.nextInt(3);
                byte[] input = new byte[(width - 1) * step + height];
                random.nextBytes(input);
                byte[] output = new byte[BEFORE + height * width + BEHIND];
                random.nextBytes(output);
                byte[] expected = output.clone();
                for (int row = 0; row < height; row++) {
                    for (int column = 0; column < width; column++) {
                        expected[BEFORE + row * width + column] = input[column * step + row];
                    }
                }
                ByteTranspose.run(MemorySegment.ofArray(input), 0, step, height, width, MemorySegment.ofArray(output),
                        BEFORE);
                assertArrayEquals(expected, output, height + " x " + width);
            }
        }
    }
}

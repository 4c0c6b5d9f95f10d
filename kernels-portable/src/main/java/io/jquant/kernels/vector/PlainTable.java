// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** A table, one byte after another: on vectors too short to hold it, permutations gain nothing. */
final class PlainTable extends VectorRange {
    private final byte[] table;

    PlainTable(byte[] table) {
        super(1, 1, 1, 1);
        this.table = table;
    }

    @Override
    void arrays(Object input, int inputAt, Object output, int outputAt, int count) {
        look((byte[]) input, inputAt, (byte[]) output, outputAt, count, table);
    }

    private static void look(byte[] input, int inputAt, byte[] output, int outputAt, int count, byte[] table) {
        for (int i = 0; i < count; i++) {
            output[outputAt + i] = table[Byte.toUnsignedInt(input[inputAt + i])];
        }
    }

    @Override
    void memory(MemorySegment input, long inputOffset, MemorySegment output, long outputOffset, int count) {
        MemorySegment from = Backing.outside(input);
        MemorySegment to = Backing.outside(output);
        for (int i = 0; i < count; i++) {
            to.set(JAVA_BYTE, outputOffset + i,
                    table[Byte.toUnsignedInt(from.get(JAVA_BYTE, inputOffset + i))]);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.WIDE;
import static io.jquant.kernels.vector.Lanes.WIDE_LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.cpu.CpuFeature;
import io.jquant.cpu.CpuInfo;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;

/** A table of 256 bytes in four vectors of 64: two permutations of two vectors each, and a choice. */
final class VectorTable extends VectorRange {
    /** The bits of a vector that four of hold a table. */
    static final int BITS = 512;

    private final byte[] table;

    VectorTable(byte[] table) {
        super(1, 1, WIDE_LANES, WIDE_LANES);
        this.table = table;
    }

    /**
     * {@return whether this JVM's vectors are so long, and this CPU permutes bytes of two of them} AVX-512 does not
     * without VBMI: the Vector API then runs Java code that takes microseconds.
     */
    static boolean fits() {
        return WIDE.vectorBitSize() == BITS && CpuInfo.current().features().contains(CpuFeature.AVX512_VBMI);
    }

    @Override
    void arrays(Object input, int inputAt, Object output, int outputAt, int count) {
        look((byte[]) input, inputAt, (byte[]) output, outputAt, count, table);
    }

    private static void look(byte[] input, int inputAt, byte[] output, int outputAt, int count, byte[] table) {
        ByteVector first = ByteVector.fromArray(WIDE, table, 0);
        ByteVector second = ByteVector.fromArray(WIDE, table, 64);
        ByteVector third = ByteVector.fromArray(WIDE, table, 128);
        ByteVector fourth = ByteVector.fromArray(WIDE, table, 192);
        for (int i = 0; i < count; i += WIDE_LANES) {
            ByteVector bytes = ByteVector.fromArray(WIDE, input, inputAt + i);
            ByteVector index = bytes.and(Byte.MAX_VALUE);
            index.selectFrom(first, second).blend(index.selectFrom(third, fourth),
                    bytes.compare(VectorOperators.LT, (byte) 0)).intoArray(output, outputAt + i);
        }
    }

    @Override
    void memory(MemorySegment input, long inputOffset, MemorySegment output, long outputOffset, int count) {
        MemorySegment from = Backing.outside(input);
        MemorySegment to = Backing.outside(output);
        ByteVector first = ByteVector.fromArray(WIDE, table, 0);
        ByteVector second = ByteVector.fromArray(WIDE, table, 64);
        ByteVector third = ByteVector.fromArray(WIDE, table, 128);
        ByteVector fourth = ByteVector.fromArray(WIDE, table, 192);
        for (int i = 0; i < count; i += WIDE_LANES) {
            ByteVector bytes = ByteVector.fromMemorySegment(WIDE, from, inputOffset + i, LITTLE_ENDIAN);
            ByteVector index = bytes.and(Byte.MAX_VALUE);
            index.selectFrom(first, second).blend(index.selectFrom(third, fourth),
                    bytes.compare(VectorOperators.LT, (byte) 0)).intoMemorySegment(to, outputOffset + i,
                            LITTLE_ENDIAN);
        }
    }
}

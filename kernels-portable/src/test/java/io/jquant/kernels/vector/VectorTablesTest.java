// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.kernels.common.Scratch;
import io.jquant.kernels.common.ScratchPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables of every kind on this machine, those too that its operators do without. */
class VectorTablesTest {
    private static final long SEED = 9;
    private static final int MOST = 300;

    /** A line for each kind. */
    static List<Kind> kinds() {
        return List.of(
                new Kind("one after another", PlainTable::new, true),
                new Kind("eight vectors", EightVectorTable::new, EightVectorTable.fits()),
                new Kind("four vectors", VectorTable::new, VectorTable.fits()));
    }

    record Kind(String name, Function<byte[], VectorRange> make, boolean fits) {
        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyCountInArraysAndOutsideTheHeap(Kind kind) {
        assumeTrue(kind.fits, () -> kind + ": vectors of " + Lanes.WIDE.vectorBitSize() + " bits on this CPU");
        Random random = new Random(SEED);
        byte[] table = new byte[256];
        random.nextBytes(table);
        try (ScratchPool pool = new ScratchPool((shape, stage) -> {
            throw new AssertionError("no kernel is wanted");
        })) {
            compare(kind, table, random, pool.borrow());
        }
    }

    private static void compare(Kind kind, byte[] table, Random random, Scratch scratch) {
        VectorRange kernel = kind.make.apply(table);
        for (int count = 0; count <= MOST; count++) {
            byte[] input = new byte[count];
            random.nextBytes(input);
            byte[] expected = new byte[count];
            for (int i = 0; i < count; i++) {
                expected[i] = table[Byte.toUnsignedInt(input[i])];
            }
            byte[] output = new byte[count];
            kernel.run(MemorySegment.ofArray(input), 0, MemorySegment.ofArray(output), 0, count, scratch);
            assertArrayEquals(expected, output, kind + ", arrays of " + count + ", seed " + SEED);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment outside = arena.allocateFrom(JAVA_BYTE, input);
                // in place, as operators may
                kernel.run(outside, 0, outside, 0, count, scratch);
                assertArrayEquals(expected, outside.toArray(JAVA_BYTE),
                        kind + ", memory of " + count + ", seed " + SEED);
            }
        }
    }
}

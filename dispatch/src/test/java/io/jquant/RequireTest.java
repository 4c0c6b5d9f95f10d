// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RequireTest {
    private static final BigInteger LIMIT = BigInteger.ONE.shiftLeft(63);

    private static MemorySegment heap(int bytes) {
        return MemorySegment.ofArray(new byte[bytes]);
    }

    static Stream<Refusal> refusals() {
        MemorySegment ten = heap(10);
        return Stream.of(
                Refusal.of("n = 0: must be above 0", () -> Require.positive("n", 0)),
                Refusal.of("n = -1: must be 0 or more", () -> Require.notNegative("n", -1)),
                Refusal.of("x = null: must be given", () -> Require.notNull("x", null)),
                Refusal.of("x = 3: must be 4", () -> Require.that(false, "x", 3, "4")),
                Refusal.of("a = -1: must be 0 or more", () -> Require.product("a", 0, -1)),
                Refusal.of("a = -1: must be 0 or more", () -> Require.product("a", 0, 5, -1, 3)),
                Refusal.of("a = 4611686018427387904 * 2: must be below 2^63",
                        () -> Require.product("a", 1L << 62, 2)),
                Refusal.of("a = 9223372036854775807 + 1: must be below 2^63",
                        () -> Require.sum("a", Long.MAX_VALUE, 1)),
                Refusal.of("a stride = 3: must be at least 4, the elements of a row",
                        () -> Require.strided("a", 2, 4, 3)),
                Refusal.of("a stride = -4: must be at least 4, the elements of a row",
                        () -> Require.strided("a", 2, 4, -4)),
                Refusal.of("a = 2 * 9223372036854775807: must be below 2^63",
                        () -> Require.strided("a", 3, 1, Long.MAX_VALUE)),
                Refusal.of("a = 9223372036854775807 + 1: must be below 2^63",
                        () -> Require.strided("a", 2, 1, Long.MAX_VALUE)),
                Refusal.of("a = 2305843009213693952 * 4: must be below 2^63",
                        () -> Require.bytes("a", DataType.F32, 1L << 61)),
                Refusal.of("a = -1: must be 0 or more", () -> Require.bytes("a", DataType.S4, -1)),
                Refusal.of("elements = -1: must be 0 or more", () -> DataType.U8.bytes(-1)),
                Refusal.of("elements = 2305843009213693952 * 8: must be below 2^63",
                        () -> DataType.F64.bytes(1L << 61)),
                Refusal.of("a = null: must be given", () -> Require.readable("a", null, 0)),
                Refusal.of("a = 10 bytes: must be at least 11 bytes", () -> Require.readable("a", ten, 11)),
                Refusal.of("a = 10 bytes: must be at least 12 bytes",
                        () -> Require.rows("a", ten, 3, 2, 5, DataType.U8)),
                Refusal.of("a = read-only memory: must be writable",
                        () -> Require.writable("a", ten.asReadOnly(), 1)),
                Refusal.of("output = memory that overlaps x: must be memory of its own",
                        () -> Require.disjoint(ten, "x", ten, false)),
                Refusal.of("output = memory that overlaps x: must be x itself or memory of its own",
                        () -> Require.disjoint(ten.asSlice(1), "x", ten, true)),
                Refusal.of("y = memory that overlaps x: must be memory of its own",
                        () -> Require.disjoint("y", ten.asSlice(9), "x", ten, false)),
                Refusal.of("addend = null: must be given: the epilogue has one",
                        () -> Require.addend(true, null, 1, 1, 1, ten, 1)),
                Refusal.of("addend = given: must be null: the epilogue has none",
                        () -> Require.addend(false, heap(1), 1, 1, 1, ten, 1)),
                Refusal.of("output = memory that overlaps addend: must be memory of its own",
                        () -> Require.addend(true, ten, 2, 3, 3, ten, 4)),
                Refusal.of("index = 2: must be 0 or more and below 2", () -> new ImmutableInts(1, 2).get(2)),
                Refusal.of("index = -1: must be 0 or more and below 2", () -> new ImmutableFloats(1, 2).get(-1)),
                Refusal.of("values = null: must be given", () -> new ImmutableInts((int[]) null)),
                Refusal.of("values = null: must be given", () -> new ImmutableFloats((float[]) null)));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refuses(Refusal refusal) {
        refusal.check();
    }

    @Test
    void productsAreThoseOfUnboundedNumbers() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            long[] factors = random.longs(3).map(x -> (x & Long.MAX_VALUE) >> (x & 63)).toArray();
            factors[random.nextInt(3)] >>>= random.nextInt(40);
            BigInteger exact = BigInteger.ONE;
            for (long factor : factors) {
                exact = exact.multiply(BigInteger.valueOf(factor));
            }
            String what = factors[0] + " " + factors[1] + " " + factors[2] + ", seed " + seed;
            if (exact.compareTo(LIMIT) < 0) {
                assertEquals(exact.longValueExact(), Require.product("p", factors), what);
            } else {
                assertThrows(IllegalArgumentException.class, () -> Require.product("p", factors), what);
            }
        }
        assertEquals(0, Require.product("p", Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, 0));
        assertEquals(1, Require.product("p"));
    }

    @Test
    void stridedReachesToTheLastElement() {
        for (int rows = 0; rows < 5; rows++) {
            for (int columns = 0; columns < 5; columns++) {
                for (int stride = columns; stride < 8; stride++) {
                    long reach = 0;
                    for (int row = 0; row < rows; row++) {
                        reach = Math.max(reach, (long) row * stride + columns);
                    }
                    assertEquals(reach, Require.strided("a", rows, columns, stride),
                            rows + "x" + columns + " at " + stride);
                }
            }
        }
        // of a single row no stride is ever taken
        assertEquals(4, Require.strided("a", 1, 4, -7));
    }

    @Test
    void inPlaceMeansFromTheSameStart() {
        MemorySegment array = heap(16);
        Require.disjoint(array, "x", array, true);
        Require.disjoint(array.asSlice(0, 8), "x", array, true);
        Require.disjoint(array.asSlice(0, 8), "x", array.asSlice(8), false);
        Require.disjoint(array, "x", heap(16), false);
        Require.disjoint(array.asSlice(4, 0), "x", array, false);
        Require.addend(true, array, 2, 3, 4, array, 4);
        Require.addend(true, array, 1, 3, 3, array, 4);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(16);
            Require.disjoint(memory, "x", memory.asSlice(0, 8), true);
            Require.disjoint(memory.asSlice(0, 8), "x", memory.asSlice(8), false);
            assertThrows(IllegalArgumentException.class,
                    () -> Require.disjoint(memory, "x", memory.asSlice(1), true));
        }
    }

    @Test
    @SuppressWarnings("MustBeClosedChecker") // the use after the end is what is tested
    void memoryMustBeAliveAndTheThreadsOwn() {
        Arena arena = Arena.ofConfined();
        MemorySegment memory = arena.allocate(8);
        IllegalArgumentException foreign = CompletableFuture
                .supplyAsync(() -> assertThrows(IllegalArgumentException.class,
                        () -> Require.readable("a", memory, 8)))
                .join();
        assertEquals("a = memory confined to another thread: must be accessible to the calling thread",
                foreign.getMessage());
        arena.close();
        assertEquals("a = memory that has been freed: must be alive",
                assertThrows(IllegalStateException.class, () -> Require.readable("a", memory, 8)).getMessage());
    }

    @Test
    void sizesOfTypes() {
        assertEquals(5, DataType.U8.bytes(5));
        assertEquals(20, DataType.F32.bytes(5));
        assertEquals(3, DataType.S4.bytes(5));
        assertEquals(0, DataType.U4.bytes(0));
        assertEquals(40, DataType.S64.bytes(5));
        assertEquals(Long.MAX_VALUE, DataType.U8.bytes(Long.MAX_VALUE));
        assertEquals(1L << 62, DataType.U4.bytes(Long.MAX_VALUE));
        assertEquals(-8, DataType.S4.min());
        assertEquals(65_535, DataType.U16.max());
        assertEquals(Integer.MIN_VALUE, DataType.S32.min());
        assertEquals(Integer.MAX_VALUE, DataType.S32.max());
        assertThrows(IllegalStateException.class, DataType.F32::min);
        assertThrows(IllegalStateException.class, DataType.U32::max);
    }
}

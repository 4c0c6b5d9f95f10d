// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WindowTest {
    private static final int LARGEST = Integer.MAX_VALUE;
    private static final Window POINT = Window.of(Extent.ONE);

    static Stream<Refusal> refusals() {
        Window three = Window.of(Extent.of(3, 3));
        return Stream.of(
                Refusal.of("kernel = null: must be given", () -> Window.of(null)),
                Refusal.of("stride = null: must be given", () -> three.withStride(null)),
                Refusal.of("dilation = null: must be given", () -> three.withDilation(null)),
                Refusal.of("padBegin = null: must be given", () -> three.withPadding(null)),
                Refusal.of("padEnd = null: must be given", () -> three.withPadding(Extent.ZERO, null)),
                Refusal.of("kernel = 1x0x3: must be at least 1 each", () -> Window.of(Extent.of(0, 3))),
                Refusal.of("stride = 1x1x0: must be at least 1 each", () -> three.withStride(Extent.of(1, 0))),
                Refusal.of("dilation = 0x0x0: must be at least 1 each", () -> three.withDilation(Extent.ZERO)),
                Refusal.of("padBegin = 0x-1x0: must be at least 0 each",
                        () -> three.withPadding(Extent.padding(-1, 0))),
                Refusal.of("padEnd = 0x0x-1: must be at least 0 each",
                        () -> three.withPadding(Extent.ZERO, Extent.padding(0, -1))),
                Refusal.of("extent = 4611686014132420609 * 2147483647: must be below 2^63",
                        () -> Window.of(new Extent(LARGEST, LARGEST, LARGEST))),
                Refusal.of("input = null: must be given", () -> three.outputExtent(null)),
                Refusal.of("input extent = 1x0x3: must be at least 1 each", () -> three.outputExtent(Extent.of(0, 3))),
                Refusal.of("input extent = 1x3x2: must be at least the window's reach, 3 on axis 2 with its padding",
                        () -> three.outputExtent(Extent.of(3, 2))),
                Refusal.of("input extent = 1x9x4: must be at least the window's reach, 5 on axis 2 with its padding",
                        () -> three.withDilation(Extent.of(2, 2)).outputExtent(Extent.of(9, 4))),
                Refusal.of("output extent on axis 2 = 6442450941: must be at least 1 and below 2^31",
                        () -> POINT.withPadding(Extent.padding(0, LARGEST)).outputExtent(Extent.of(LARGEST))),
                Refusal.of("output extent on axis 1 = -1: must be at least 1 and below 2^31",
                        () -> three.withPadding(Extent.padding(2, 0)).transposedOutputExtent(Extent.of(1, 1),
                                Extent.ZERO)),
                Refusal.of("output extent on axis 2 = 4294967293: must be at least 1 and below 2^31",
                        () -> POINT.withStride(Extent.of(2)).transposedOutputExtent(Extent.of(LARGEST), Extent.ZERO)),
                Refusal.of("outputPadding = null: must be given",
                        () -> three.transposedOutputExtent(Extent.ONE, null)),
                Refusal.of("outputPadding = 0x-1x0: must be at least 0 each",
                        () -> three.transposedOutputExtent(Extent.ONE, Extent.padding(-1, 0))),
                Refusal.of("axis = 3: must be 0, 1 or 2", () -> Extent.ONE.get(3)),
                Refusal.of("extent = -2: must be 0 or more", () -> new Extent(1, -2, 1).volume()));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refuses(Refusal refusal) {
        refusal.check();
    }

    @Test
    void extents() {
        assertEquals(new Extent(1, 1, 5), Extent.of(5));
        assertEquals(new Extent(1, 4, 5), Extent.of(4, 5));
        assertEquals(new Extent(0, 4, 5), Extent.padding(4, 5));
        Extent extent = new Extent(3, 4, 5);
        assertEquals(60, extent.volume());
        assertEquals(0, new Extent(0, LARGEST, LARGEST).volume());
        assertEquals((long) LARGEST * LARGEST, new Extent(LARGEST, LARGEST, 1).volume());
        assertEquals(3, extent.get(0));
        assertEquals(4, extent.get(1));
        assertEquals(5, extent.get(2));
    }

    /** Counts where a window may start instead of computing it. */
    private static int count(int input, int kernel, int stride, int dilation, int begin, int end, boolean ceiling) {
        int count = 0;
        for (int start = -begin;; start += stride) {
            int last = start + dilation * (kernel - 1);
            boolean whole = last < input + end;
            // of windows that hang over the end there is at most one, and it starts before the padding at the end
            boolean hanging = ceiling && !whole && start < input && last - stride + 1 < input + end;
            if (!whole && !hanging) {
                return count;
            }
            count++;
        }
    }

    @Test
    void outputSizesAreTheNumbersOfPlaces() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            int kernel = 1 + random.nextInt(4);
            int dilation = 1 + random.nextInt(3);
            int stride = 1 + random.nextInt(4);
            int reach = dilation * (kernel - 1) + 1;
            int begin = random.nextInt(reach);
            int end = random.nextInt(reach);
            int input = Math.max(1, reach - begin - end) + random.nextInt(9);
            Window window = Window.of(Extent.of(kernel)).withStride(Extent.of(stride))
                    .withDilation(Extent.of(dilation)).withPadding(Extent.padding(0, begin), Extent.padding(0, end));
            for (boolean ceiling : new boolean[] {false, true}) {
                int places = count(input, kernel, stride, dilation, begin, end, ceiling);
                assertEquals(Extent.of(places), window.outputExtent(Extent.of(input), ceiling),
                        window + " over " + input + ", ceiling " + ceiling + ", seed " + seed);
            }
        }
    }

    @Test
    void transposedIsTheInverse() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            int stride = 1 + random.nextInt(4);
            Window window = Window.of(Extent.of(1 + random.nextInt(5))).withStride(Extent.of(stride))
                    .withDilation(Extent.of(1 + random.nextInt(3)));
            int outputPadding = random.nextInt(stride);
            Extent small = Extent.of(1 + random.nextInt(20));
            Extent large = window.transposedOutputExtent(small, Extent.padding(0, outputPadding));
            assertEquals(small, window.outputExtent(large), window + " of " + large + ", seed " + seed);
        }
    }

    @Test
    void sizesNearTheLimitDoNotOverflow() {
        assertEquals(Extent.of(LARGEST), POINT.outputExtent(Extent.of(LARGEST)));
        Window wide = Window.of(Extent.of(LARGEST)).withDilation(Extent.of(LARGEST));
        assertThrows(IllegalArgumentException.class, () -> wide.outputExtent(Extent.of(LARGEST)));
        Window padded = Window.of(Extent.of(2)).withDilation(Extent.of(LARGEST))
                .withPadding(Extent.padding(0, LARGEST));
        assertEquals(Extent.of(1), padded.withStride(Extent.of(LARGEST)).withPadding(Extent.padding(0, 1))
                .outputExtent(Extent.of(LARGEST - 1)));
        assertThrows(IllegalArgumentException.class, () -> padded.transposedOutputExtent(Extent.ONE, Extent.ZERO));
    }
}

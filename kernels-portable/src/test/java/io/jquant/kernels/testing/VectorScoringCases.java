// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.DataType;
import io.jquant.EngineOptions;
import io.jquant.VectorScoring;
import io.jquant.VectorScoringSpec;
import io.jquant.VectorScoringSpec.Metric;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One vector against many rows. */
public abstract class VectorScoringCases extends EngineCases {
    private static final int[] DIMENSIONS = {1, 2, 15, 16, 17, 31, 32, 33, 47, 48, 63, 64, 65, 79, 100, 127, 128, 129,
        255, 256, 384, 511, 768, 769, 1000, 1024};

    private static final List<Metric> METRICS =
            List.of(Metric.PRODUCT, Metric.SQUARED_DISTANCE, Metric.PRODUCT_AND_NORM, Metric.PRODUCT);

    protected VectorScoringCases(EngineOptions options) {
        super(options);
    }

    @Test
    void computesByHand() {
        int[] results = new int[4];
        MemorySegment query = MemorySegment.ofArray(new byte[] {1, -128, 127});
        MemorySegment rows = MemorySegment.ofArray(new byte[] {9, 9, 9, -1, -128, -128, 2, 127, 0});
        MemorySegment ordinals = MemorySegment.ofArray(new int[] {2, 1});
        try (VectorScoring both = engine().vectorScoring(
                VectorScoringSpec.contiguous(3, Metric.PRODUCT_AND_NORM))) {
            both.run(query, rows, 3, ordinals, 2, MemorySegment.ofArray(results));
        }
        assertArrayEquals(new int[] {2 - 128 * 127, -1 + 128 * 128 - 127 * 128, 4 + 127 * 127, 1 + 2 * 128 * 128},
                results);
    }

    @Test
    void holdsTheExtremes() {
        int n = 33_025;
        byte[] low = new byte[n];
        byte[] high = new byte[n];
        Arrays.fill(low, (byte) -128);
        Arrays.fill(high, (byte) 127);
        int[] result = new int[1];
        try (VectorScoring distance = engine().vectorScoring(
                VectorScoringSpec.contiguous(n, Metric.SQUARED_DISTANCE))) {
            distance.run(MemorySegment.ofArray(low), MemorySegment.ofArray(high), 1,
                    MemorySegment.ofArray(new int[1]), 1, MemorySegment.ofArray(result));
        }
        assertEquals(255 * 255 * n, result[0]);
        try (VectorScoring product = engine().vectorScoring(
                new VectorScoringSpec(n, n, DataType.U8, Metric.PRODUCT))) {
            product.run(MemorySegment.ofArray(low), MemorySegment.ofArray(low), 1,
                    MemorySegment.ofArray(new int[1]), 1, MemorySegment.ofArray(result));
        }
        assertEquals(-128 * 128 * n, result[0]);
    }

    @Test
    void equalsBruteForce() {
        for (int seed = 0; seed < DIMENSIONS.length * 4; seed++) {
            Samples samples = new Samples(seed);
            int dimension = DIMENSIONS[seed / 4];
            Metric metric = METRICS.get(seed % 4);
            DataType type = seed % 4 == 3 ? DataType.U8 : DataType.S8;
            check(samples, new VectorScoringSpec(dimension, dimension + samples.random().nextInt(20), type, metric),
                    samples.random().nextInt(23), "seed " + seed);
        }
    }

    @Test
    void takesManyRowsAtOnce() {
        check(new Samples(99), VectorScoringSpec.contiguous(1024, Metric.PRODUCT_AND_NORM), 2500, "seed 99");
    }

    private void check(Samples samples, VectorScoringSpec spec, int count, String message) {
        int rowCount = samples.upTo(9);
        MemorySegment query = samples.bytes(spec.dimension());
        MemorySegment rows = samples.bytes((rowCount - 1L) * spec.rowStride() + spec.dimension());
        int[] ordinals = samples.random().ints(count, 0, rowCount).toArray();
        Guarded results = new Guarded(samples.random(), 4L * count * spec.metric().results());
        try (VectorScoring scoring = engine().vectorScoring(spec)) {
            scoring.run(query, rows, rowCount, MemorySegment.ofArray(ordinals), count, results.segment());
        }
        results.assertUntouched(4, 4, message);
        for (int i = 0; i < count; i++) {
            int index = i;
            assertEquals(expected(spec, query, rows, (long) ordinals[i] * spec.rowStride(), false),
                    results.segment().getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i),
                    () -> message + ", result " + index + " of " + count + ", " + spec);
            if (spec.metric() == Metric.PRODUCT_AND_NORM) {
                assertEquals(expected(spec, query, rows, (long) ordinals[i] * spec.rowStride(), true),
                        results.segment().getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, (long) count + i),
                        () -> message + ", norm " + index + " of " + count + ", " + spec);
            }
        }
    }

    private static long expected(VectorScoringSpec spec, MemorySegment query, MemorySegment rows, long row,
            boolean norm) {
        long sum = 0;
        for (int i = 0; i < spec.dimension(); i++) {
            long a = query.get(ValueLayout.JAVA_BYTE, i);
            long b = rows.get(ValueLayout.JAVA_BYTE, row + i);
            b = spec.rowType() == DataType.U8 ? b & 0xFF : b;
            sum += norm ? b * b : spec.metric() == Metric.SQUARED_DISTANCE ? (a - b) * (a - b) : a * b;
        }
        return sum;
    }

    @Test
    void readsNothingBeyondItsOperands() {
        assumeTrue(GuardPages.AVAILABLE, "no guard pages on this operating system");
        for (boolean atEnd : new boolean[] {true, false}) {
            try (GuardPages queries = new GuardPages(2000, atEnd); GuardPages rows = new GuardPages(16_000, atEnd);
                    GuardPages ordinals = new GuardPages(64, atEnd); GuardPages results = new GuardPages(64, atEnd)) {
                for (int dimension : DIMENSIONS) {
                    for (Metric metric : Metric.values()) {
                        try (VectorScoring scoring = engine().vectorScoring(
                                VectorScoringSpec.contiguous(dimension, metric))) {
                            MemorySegment numbers = ordinals.of(28);
                            numbers.copyFrom(MemorySegment.ofArray(new int[] {6, 5, 4, 3, 2, 1, 0}));
                            scoring.run(queries.of(dimension), rows.of(7L * dimension), 7, numbers, 7,
                                    results.of(28L * metric.results()));
                        }
                    }
                }
            }
        }
    }

    @Test
    void refusesWhatIsNotOfTheTable() {
        try (VectorScoring scoring = engine().vectorScoring(VectorScoringSpec.contiguous(64, Metric.PRODUCT))) {
            MemorySegment query = MemorySegment.ofArray(new byte[64]);
            MemorySegment rows = MemorySegment.ofArray(new byte[64 * 3]);
            MemorySegment results = MemorySegment.ofArray(new int[8]);
            for (int bad : new int[] {3, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                for (int at = 0; at < 7; at++) {
                    int[] ordinals = new int[7];
                    ordinals[at] = bad;
                    assertRefused("ordinals[" + at + "] = " + bad + ": must be 0 to 2",
                            () -> scoring.run(query, rows, 3, MemorySegment.ofArray(ordinals), 7, results));
                }
            }
            MemorySegment none = MemorySegment.ofArray(new int[1]);
            assertRefused("rows = 192 bytes: must be at least 256 bytes",
                    () -> scoring.run(query, rows, 4, none, 1, results));
            assertRefused("ordinals = 4 bytes: must be at least 8 bytes",
                    () -> scoring.run(query, rows, 3, none, 2, results));
            assertRefused("results = 32 bytes: must be at least 36 bytes",
                    () -> scoring.run(query, rows, 3, MemorySegment.ofArray(new int[9]), 9, results));
        }
        assertRefused("rowType = U8: must be s8, or u8 for products",
                () -> new VectorScoringSpec(8, 8, DataType.U8, Metric.SQUARED_DISTANCE));
        assertRefused("dimension = 33026: must be 1 to 33025",
                () -> VectorScoringSpec.contiguous(33_026, Metric.PRODUCT));
    }
}

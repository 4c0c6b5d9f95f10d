// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.DataType;
import io.jquant.graph.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What observers found, in parts, in files, and put together again. */
class CalibrationTest {
    private static final long SEED = 7;
    private static final ObserverOptions U8 = ObserverOptions.affine(DataType.U8);
    private static final ObserverOptions S8 = ObserverOptions.symmetric(DataType.S8);

    @TempDir
    Path folder;

    static Stream<Supplier<Observer>> exact() {
        return Stream.of(U8, S8, U8.withReducedRange()).flatMap(options -> Stream.of(
                () -> new MinMaxObserver(options), () -> new PercentileObserver(options, 99),
                () -> new EntropyObserver(options), () -> new MeanSquareObserver(options)));
    }

    static Stream<Supplier<Observer>> all() {
        return Stream.concat(exact(), Stream.of(() -> new HistogramObserver(U8),
                () -> new MovingAverageObserver(U8), () -> new MinMaxObserver(S8, 1),
                () -> new MovingAverageObserver(S8, 0, 0.25f)));
    }

    /** Batches of ranges as different as layers have them; each with a shift of its own. */
    private static List<Tensor> batches(Random random) {
        return Stream.generate(() -> {
            float[] values = new float[600];
            double spread = Math.exp(4 * random.nextGaussian());
            double shift = random.nextBoolean() ? 0 : spread * random.nextGaussian();
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (shift + spread * random.nextGaussian());
            }
            return Tensor.of(values, 20, 30);
        }).limit(8).toList();
    }

    @ParameterizedTest
    @MethodSource("exact")
    void twoHalvesGiveWhatTheWholeGives(Supplier<Observer> maker) {
        Random random = new Random(SEED);
        for (int round = 0; round < 10; round++) {
            List<Tensor> data = batches(random);
            Observer whole = maker.get();
            Observer odd = maker.get();
            Observer even = maker.get();
            for (int i = 0; i < data.size(); i++) {
                whole.observe(data.get(i));
                (i % 2 == 0 ? even : odd).observe(data.get(i));
            }
            Observer copy = odd.copy();
            odd.merge(even);
            even.merge(copy);
            assertEquals(whole.parameters(), odd.parameters(), "seed " + SEED + ", round " + round);
            assertEquals(whole.parameters(), even.parameters(), "seed " + SEED + ", round " + round);
            if (whole instanceof DistributionObserver d) {
                ExactHistogram expected = d.histogram();
                ExactHistogram found = ((DistributionObserver) odd).histogram();
                assertEquals(600L * data.size(), found.total());
                assertEquals(expected.width(), found.width());
                for (int bin = 0; bin < expected.bins(); bin++) {
                    assertEquals(expected.count(bin), found.count(bin), "seed " + SEED + ", bin " + bin);
                }
            }
        }
    }

    @Test
    void histogramsOfTwoHalvesAreNear() {
        Random random = new Random(SEED);
        HistogramObserver whole = new HistogramObserver(U8);
        HistogramObserver first = new HistogramObserver(U8);
        HistogramObserver second = new HistogramObserver(U8);
        for (int i = 0; i < 8; i++) {
            float[] values = new float[5000];
            for (int j = 0; j < values.length; j++) {
                values[j] = (float) random.nextGaussian();
            }
            whole.observe(Tensor.of(values, values.length));
            (i < 4 ? first : second).observe(Tensor.of(values, values.length));
        }
        first.merge(second);
        assertEquals(40_000, sum(first.histogram().counts()), 1);
        assertEquals(whole.histogram().min(), first.histogram().min());
        assertEquals(whole.parameters().scale(), first.parameters().scale(), 0.02 * whole.parameters().scale());
        HistogramObserver point = new HistogramObserver(U8);
        point.observe(Tensor.of(new float[] {0.5f, 0.5f}, 2));
        point.merge(whole);
        assertEquals(40_002, sum(point.histogram().counts()), 1);
    }

    private static double sum(float[] counts) {
        double sum = 0;
        for (float count : counts) {
            sum += count;
        }
        return sum;
    }

    @ParameterizedTest
    @MethodSource("all")
    void filesHoldWhatWasSeen(Supplier<Observer> maker) throws IOException {
        Observer seen = maker.get();
        List<Tensor> data = batches(new Random(SEED));
        data.subList(0, 4).forEach(seen::observe);
        Path file = folder.resolve("a.calibration");
        new Calibration("m", 4, Map.of("x", seen, "never", maker.get())).save(file);
        Calibration loaded = Calibration.load(file);
        assertEquals("m", loaded.model());
        assertEquals(4, loaded.batches());
        assertTrue(!loaded.observers().get("never").hasObserved());
        Observer continued = loaded.observers().get("x");
        assertEquals(seen.parameters(), continued.parameters());
        // what comes later counts the same
        data.subList(4, 8).forEach(seen::observe);
        data.subList(4, 8).forEach(continued::observe);
        assertEquals(seen.parameters(), continued.parameters());
    }

    @Test
    void damageIsRefused() throws IOException {
        Observer seen = new EntropyObserver(U8);
        batches(new Random(SEED)).forEach(seen::observe);
        Path file = folder.resolve("a.calibration");
        new Calibration("m", 8, Map.of("x", seen)).save(file);
        byte[] bytes = Files.readAllBytes(file);
        for (int length : new int[] {0, 5, 12, 40, bytes.length - 1}) {
            Files.write(file, Arrays.copyOf(bytes, length));
            assertThrows(IOException.class, () -> Calibration.load(file));
        }
        for (int at = 0; at < bytes.length; at += 101) {
            byte[] changed = bytes.clone();
            changed[at] ^= 4;
            Files.write(file, changed);
            assertThrows(IOException.class, () -> Calibration.load(file), "byte " + at);
        }
    }

    @Test
    void otherModelsAndObserversAreRefused() {
        Calibration a = new Calibration("m", 1, Map.of("x", new MinMaxObserver(U8)));
        assertThrows(IllegalArgumentException.class,
                () -> a.merge(new Calibration("n", 1, Map.of("x", new MinMaxObserver(U8)))));
        assertThrows(IllegalArgumentException.class,
                () -> a.merge(new Calibration("m", 1, Map.of("x", new MinMaxObserver(S8)))));
        assertThrows(IllegalArgumentException.class,
                () -> a.merge(new Calibration("m", 1, Map.of("y", new MinMaxObserver(U8)))));
        assertEquals(1, a.batches());
    }

    @Test
    void entropyCutsOffASingleOutlier() {
        Random random = new Random(SEED);
        float[] values = new float[100_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        values[0] = 40;
        Tensor data = Tensor.of(values, values.length);
        for (DistributionObserver observer : List.of(new EntropyObserver(S8), new MeanSquareObserver(S8),
                new PercentileObserver(S8, 99.99))) {
            observer.observe(data);
            float largest = 127 * observer.parameters().scale();
            assertTrue(largest > 2.5 && largest < 30, observer.getClass() + ": " + largest);
        }
        Observer everything = new PercentileObserver(S8, 100);
        everything.observe(data);
        assertEquals(40, 127.5f * everything.parameters().scale(), 1e-4);
    }

    @Test
    void binsAreExactAtTheEndsOfTheirRange() {
        ExactHistogram histogram = new ExactHistogram();
        histogram.add(new float[] {Float.MIN_VALUE}, 1, Float.MIN_VALUE, Float.MIN_VALUE);
        histogram.add(new float[] {Float.MAX_VALUE, -Float.MAX_VALUE}, 2, -Float.MAX_VALUE, Float.MAX_VALUE);
        histogram.add(new float[] {0.731f, 0, Float.POSITIVE_INFINITY}, 3, 0, 0.731f);
        assertEquals(5, histogram.total());
        assertTrue(histogram.bins() <= ExactHistogram.MAX_BINS);
        assertArrayEquals(new double[] {3, 0, 1}, sparse(histogram.magnitudes(3)), 0);
    }

    private static double[] sparse(double[] magnitudes) {
        assertEquals(2, magnitudes.length);
        return new double[] {magnitudes[0], 0, magnitudes[1] - 1};
    }
}

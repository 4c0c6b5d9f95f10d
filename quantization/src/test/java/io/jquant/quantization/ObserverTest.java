// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.DataType;
import io.jquant.QuantizationParameters;
import io.jquant.graph.Tensor;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Observers on cases worked out by hand, and on what they must refuse. */
class ObserverTest {
    private static final ObserverOptions U8 = ObserverOptions.affine(DataType.U8);
    private static final ObserverOptions S8 = ObserverOptions.symmetric(DataType.S8);
    private static final long SEED = 42;

    private static Tensor row(float... values) {
        return Tensor.of(values, values.length);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 1, 0, 255, 0.00784313772, 127",
        "-1.5, 3.25, 0, 255, 0.0186274517, 81",
        "0, 6, 0, 255, 0.0235294122, 0",
        "-4, 0, 0, 255, 0.0156862754, 255",
        "0, 0, 0, 255, 1.1920929e-07, 0",
        "-1e-6, 1e-6, 0, 255, 1.1920929e-07, 8",
        "-1, 1, 0, 127, 0.0157480314, 64",
        "2, 3, 0, 255, 0.0117647061, 0"})
    void affineParameters(float min, float max, int quantMin, int quantMax, float scale, int zeroPoint) {
        QuantizationParameters found = U8.withRange(quantMin, quantMax).parameters(min, max);
        assertEquals(QuantizationParameters.perTensor(DataType.U8, scale, zeroPoint), found);
    }

    @Test
    void signedAffineParameters() {
        assertEquals(QuantizationParameters.perTensor(DataType.S8, 3f / 255, -102),
                ObserverOptions.affine(DataType.S8).parameters(-0.3f, 2.7f));
    }

    @Test
    void symmetricParameters() {
        assertEquals(QuantizationParameters.perTensor(DataType.S8, 2f / 255, 0), S8.parameters(-1, 0.5f));
        assertEquals(QuantizationParameters.perTensor(DataType.S8, 1f / 127, 0),
                S8.withRange(-127, 127).parameters(-0.5f, 1));
        assertEquals(128, ObserverOptions.symmetric(DataType.U8).parameters(-1, 1).zeroPoint());
        assertEquals(63, ObserverOptions.symmetric(DataType.U8).withRange(0, 127).parameters(-1, 1).zeroPoint());
    }

    @Test
    void reducedRangeIsHalfTheRange() {
        assertEquals(127, U8.withReducedRange().max());
        assertEquals(-64, S8.withReducedRange().min());
        assertEquals(63, S8.withReducedRange().max());
        assertEquals(-50, S8.withRange(-100, 99).withReducedRange().min());
    }

    @Test
    void wrongOptionsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> ObserverOptions.affine(DataType.F32));
        assertThrows(IllegalArgumentException.class, () -> U8.withRange(10, 10));
        assertThrows(IllegalArgumentException.class, () -> U8.withRange(-1, 10));
        assertThrows(IllegalArgumentException.class, () -> U8.withEps(0));
        assertThrows(IllegalArgumentException.class, () -> U8.withEps(Float.NaN));
        assertThrows(IllegalArgumentException.class, () -> U8.parameters(2, 1));
        assertThrows(IllegalArgumentException.class, () -> U8.parameters(0, Float.POSITIVE_INFINITY));
        assertThrows(IllegalArgumentException.class, () -> new MinMaxObserver(null));
        assertThrows(IllegalArgumentException.class, () -> new MinMaxObserver(U8, -2));
        assertThrows(IllegalArgumentException.class, () -> new HistogramObserver(U8, 1));
        assertThrows(IllegalArgumentException.class, () -> new MovingAverageObserver(U8, -1, 0));
    }

    @Test
    void rangeOfEveryBinary32HasAScale() {
        QuantizationParameters found = U8.parameters(-1e38f, 1e38f);
        assertEquals(2e38f / 255, found.scale());
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> U8.parameters(-Float.MAX_VALUE, Float.MAX_VALUE));
        assertTrue(refused.getMessage().startsWith("min..max = "), refused.getMessage());
    }

    @Test
    void nothingSeenGivesScaleOne() {
        for (Observer observer : List.of(new MinMaxObserver(U8), new MovingAverageObserver(U8),
                new HistogramObserver(U8), new MinMaxObserver(S8, 0))) {
            observer.observe(Tensor.of(new float[0], 0));
            observer.observe(row(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY));
            assertFalse(observer.hasObserved());
            assertEquals(1, observer.parameters().scale());
            assertEquals(0, observer.parameters().zeroPoint());
        }
    }

    @Test
    void infinityIsPassedOverAndNaNRefused() {
        for (Observer observer : List.of(new MinMaxObserver(U8), new MovingAverageObserver(U8),
                new HistogramObserver(U8))) {
            observer.observe(row(Float.NEGATIVE_INFINITY, 1, 2.55f, Float.POSITIVE_INFINITY));
            QuantizationParameters before = observer.parameters();
            assertEquals(0.01f, before.scale(), 1e-4f);
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                    () -> observer.observe(row(100, Float.NaN)));
            assertEquals("values[1] = NaN: must be a number", refused.getMessage());
            assertEquals(before, observer.parameters());
        }
    }

    @Test
    void channelsHaveRangesOfTheirOwn() {
        MinMaxObserver observer = new MinMaxObserver(S8, 1);
        observer.observe(Tensor.of(new float[] {1, -2, 3, -4, 50, 60, 7, 8, 9, 10, 0, 0}, 2, 3, 2));
        assertEquals(QuantizationParameters.symmetricPerChannel(DataType.S8,
                new float[] {8 / 127.5f, 10 / 127.5f, 60 / 127.5f}, 1), observer.parameters());
        assertThrows(IllegalArgumentException.class, () -> observer.observe(Tensor.of(new float[4], 2, 2)));
        assertThrows(IllegalArgumentException.class, () -> observer.observe(row(1)));
        assertThrows(IllegalArgumentException.class, () -> observer.observe(Tensor.allocate(DataType.S8, 2, 3)));
    }

    @Test
    void mergedHalvesAreTheWhole() {
        Random random = new Random(SEED);
        for (int axis : new int[] {QuantizationParameters.NO_AXIS, 0}) {
            Observer whole = new MinMaxObserver(S8, axis);
            Observer first = new MinMaxObserver(S8, axis);
            Observer second = new MinMaxObserver(S8, axis);
            for (int i = 0; i < 10; i++) {
                float[] values = new float[12];
                for (int j = 0; j < values.length; j++) {
                    values[j] = random.nextFloat() - 0.5f;
                }
                Tensor tensor = Tensor.of(values, 3, 4);
                whole.observe(tensor);
                (i < 5 ? first : second).observe(tensor);
            }
            Observer empty = new MinMaxObserver(S8, axis);
            empty.merge(new MinMaxObserver(S8, axis));
            assertFalse(empty.hasObserved());
            empty.merge(first);
            empty.merge(second);
            assertEquals(whole.parameters(), empty.parameters(), "seed " + SEED);
            first.merge(second);
            assertEquals(whole.parameters(), first.parameters(), "seed " + SEED);
        }
        assertThrows(IllegalArgumentException.class, () -> new MinMaxObserver(U8).merge(new MinMaxObserver(S8)));
        assertThrows(IllegalArgumentException.class,
                () -> new MinMaxObserver(U8).merge(new MovingAverageObserver(U8)));
        assertThrows(UnsupportedOperationException.class,
                () -> new MovingAverageObserver(U8).merge(new MovingAverageObserver(U8)));
        assertThrows(IllegalArgumentException.class,
                () -> new HistogramObserver(U8).merge(new HistogramObserver(U8, 64)));
    }

    @Test
    void histogramKeepsWhatLiesWithinItsRange() {
        HistogramObserver observer = new HistogramObserver(U8);
        observer.observe(row(0, 1));
        observer.observe(row(0.5f, 0.5f, 0.5f));
        float sum = 0;
        for (float count : observer.histogram().counts()) {
            sum += count;
        }
        assertEquals(5, sum);
        assertEquals(3, observer.histogram().counts()[1024]);
    }

    @Test
    void histogramSurvivesARangeThatGrowsEnormously() {
        HistogramObserver observer = new HistogramObserver(U8);
        observer.observe(row(-1e-3f, 1e-3f, 0));
        observer.observe(row(1e6f, -1e6f));
        observer.observe(row(1e30f));
        assertEquals(1e30f / 255, observer.parameters().scale(), 1e28f);
    }
}

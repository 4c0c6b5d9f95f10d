// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.spi.FloatKernels;
import io.jquant.spi.Tier;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernels of engines beside the plain loops: functions and gates bit by bit, sums within their bound. */
class FloatKernelsTest {
    private static final int CASES = Integer.getInteger("jquant.test.cases", 60);
    private static final float[] SPECIAL = {0, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY,
        Float.MIN_VALUE, -Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE, 0.625f, -0.625f, 88.72283f, 88.72284f,
        -87.33654f, -87.33655f, 44.4f, 4, -4};

    private static FloatKernels kernels(Tier tier) {
        EngineOptions options = EngineOptions.defaults().withTier(tier);
        try (Engine engine = Engine.open(options)) {
            assumeTrue(engine.floats().isPresent(), () -> tier + ": this engine has no kernels on floats");
            return engine.floats().get();
        } catch (IllegalArgumentException e) {
            assumeTrue(false, e.getMessage());
            return null;
        }
    }

    private static float[] values(SplittableRandom random, int count, double range) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(-range, range);
        }
        return values;
    }

    private static void same(float[] expected, float[] found, String where) {
        for (int i = 0; i < expected.length; i++) {
            assertEquals(Float.floatToIntBits(expected[i]), Float.floatToIntBits(found[i]),
                    where + "[" + i + "]: " + expected[i] + ", found " + found[i]);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NATIVE_CODE", "VECTOR"})
    void functionsHaveTheSameBits(Tier tier) {
        FloatKernels kernels = kernels(tier);
        for (long seed = 0; seed < CASES; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int n = random.nextInt(70);
            float[] x = values(random, n + 3, Math.scalb(1.0, random.nextInt(-10, 8)));
            for (int i = 0; i < n; i++) {
                x[i] = random.nextInt(4) == 0 ? SPECIAL[random.nextInt(SPECIAL.length)] : x[i];
            }
            for (FloatKernels.Function function : FloatKernels.Function.values()) {
                float[] expected = x.clone();
                PlainFloats.INSTANCE.apply(function, n, x, 1, expected, 1);
                float[] apart = x.clone();
                kernels.apply(function, n, x, 1, apart, 1);
                same(expected, apart, function + ", seed " + seed);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NATIVE_CODE", "VECTOR"})
    void gatesHaveTheSameBits(Tier tier) {
        FloatKernels kernels = kernels(tier);
        for (long seed = 0; seed < CASES; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int n = 1 + random.nextInt(70);
            float[] x = values(random, 4 * n + 2, 6);
            float[] h = values(random, 4 * n + 1, 6);
            float[] memory = values(random, n + 2, 2);
            float[] state = values(random, n + 3, 1);
            float[][] expected = {memory.clone(), state.clone(), state.clone()};
            PlainFloats.INSTANCE.lstm(n, x, 2, h.clone(), 1, expected[0], 1, expected[1], 3);
            PlainFloats.INSTANCE.gru(n, x, 2, h.clone(), 1, expected[2], 3);
            float[][] found = {memory.clone(), state.clone(), state.clone()};
            kernels.lstm(n, x, 2, h.clone(), 1, found[0], 1, found[1], 3);
            kernels.gru(n, x, 2, h.clone(), 1, found[2], 3);
            for (int i = 0; i < expected.length; i++) {
                same(expected[i], found[i], "seed " + seed);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NATIVE_CODE", "VECTOR"})
    void productsAreWithinTheirBound(Tier tier) {
        FloatKernels kernels = kernels(tier);
        for (long seed = 0; seed < CASES; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int m = 1 + random.nextInt(seed % 20 == 0 ? 300 : 14);
            int n = 1 + random.nextInt(150);
            int k = random.nextInt(seed % 7 == 0 ? 1200 : 60);
            boolean transposed = random.nextBoolean();
            float[] a = values(random, m * k + 1, 1);
            float[] b = values(random, n * k + 2, 1);
            float[] before = values(random, m * n + 6, 1);
            float[] c = before.clone();
            kernels.multiply(m, n, k, a, 1, b, 2, transposed, c, 3);
            for (int i = 0; i < m * n; i++) {
                double sum = before[3 + i];
                double magnitudes = Math.abs(sum);
                for (int p = 0; p < k; p++) {
                    double product = (double) a[1 + i / n * k + p]
                            * b[2 + (transposed ? i % n * k + p : p * n + i % n)];
                    sum += product;
                    magnitudes += Math.abs(product);
                }
                assertEquals(sum, c[3 + i], (k + 1) * 0x1p-24 * magnitudes, m + "x" + n + "x" + k + ", seed " + seed);
            }
            assertArrayEquals(new float[] {before[0], before[2], before[m * n + 3], before[m * n + 5]},
                    new float[] {c[0], c[2], c[m * n + 3], c[m * n + 5]}, "written beside the product, seed " + seed);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NATIVE_CODE", "VECTOR"})
    void rowsAreNear(Tier tier) {
        FloatKernels kernels = kernels(tier);
        for (long seed = 0; seed < CASES; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int rows = random.nextInt(5);
            int n = 1 + random.nextInt(200);
            float[] x = values(random, rows * n, 8);
            float[] expected = new float[rows * n];
            float[] found = x.clone();
            PlainFloats.INSTANCE.softmax(rows, n, x, expected);
            kernels.softmax(rows, n, found, found);
            near(expected, found, n * 0x1p-24, 0, "softmax, seed " + seed);
            float[] scale = values(random, n, 2);
            float[] bias = values(random, n, 1);
            PlainFloats.INSTANCE.layerNorm(rows, n, x, scale, bias, 1e-5f, expected);
            found = x.clone();
            kernels.layerNorm(rows, n, found, scale, bias, 1e-5f, found);
            for (int row = 0; row < rows; row++) {
                // what the mean is off by counts as much more as the row's deviation is below its elements
                near(Arrays.copyOfRange(expected, row * n, (row + 1) * n),
                        Arrays.copyOfRange(found, row * n, (row + 1) * n), 0,
                        (n + 4) * 0x1p-22 * (1 + 8 / deviation(x, row * n, n)), "layer norm, seed " + seed);
            }
        }
    }

    private static double deviation(float[] x, int at, int n) {
        double mean = IntStream.range(at, at + n).mapToDouble(i -> x[i]).average().orElseThrow();
        double squares = IntStream.range(at, at + n).mapToDouble(i -> (x[i] - mean) * (x[i] - mean)).sum();
        return Math.sqrt(squares / n + 1e-5);
    }

    private static void near(float[] expected, float[] found, double relative, double absolute, String where) {
        for (int i = 0; i < expected.length; i++) {
            double most = absolute + (relative + 0x1p-22) * Math.abs(expected[i]);
            assertTrue(Math.abs(expected[i] - found[i]) <= most,
                    where + "[" + i + "]: " + expected[i] + ", found " + found[i]);
        }
    }
}

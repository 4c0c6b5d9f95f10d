// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.Activation;
import io.jquant.Bias;
import io.jquant.EngineOptions;
import io.jquant.GroupedLinearSpec;
import io.jquant.PackedLinear;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fully connected layer with weights of 4 bits. */
public abstract class GroupedLinearCases extends EngineCases {
    private static final float STEP = 1f / 127;

    protected GroupedLinearCases(EngineOptions options) {
        super(options);
    }

    private float[] run(GroupedLinearSpec spec, MemorySegment weights, Bias bias, float... input) {
        float[] output = new float[input.length / spec.inFeatures() * spec.outFeatures()];
        try (PackedLinear linear = engine().groupedLinear(spec, weights, bias)) {
            linear.run(input.length / spec.inFeatures(), MemorySegment.ofArray(input), MemorySegment.ofArray(output));
        }
        return output;
    }

    /** Weights of all features, 0..15, a scale for every group, and zero points or none. */
    private static MemorySegment weights(GroupedLinearSpec spec, int[] integers, float[] scales, int... zeroPoints) {
        MemorySegment weights = MemorySegment.ofArray(new byte[(int) spec.weightBytes()]);
        for (int i = 0; i < integers.length; i++) {
            int o = i / spec.inFeatures();
            int at = o * spec.groups() * spec.groupSize() + i % spec.inFeatures();
            put(weights, at / 2, at % 2, integers[i]);
        }
        MemorySegment.copy(scales, 0, weights, ValueLayout.JAVA_FLOAT_UNALIGNED, spec.scaleOffset(), scales.length);
        for (int i = 0; i < zeroPoints.length; i++) {
            int group = i % spec.groups();
            long row = spec.zeroPointOffset() + (long) (i / spec.groups()) * Math.ceilDiv(spec.groups(), 2);
            put(weights, row + group / 2, group % 2, zeroPoints[i]);
        }
        return weights;
    }

    private static void put(MemorySegment weights, long at, int half, int value) {
        int byteNow = weights.get(ValueLayout.JAVA_BYTE, at);
        weights.set(ValueLayout.JAVA_BYTE, at, (byte) (byteNow | value << (4 * half)));
    }

    private static GroupedLinearSpec spec(int in, int out, boolean zeroPoints, Activation activation) {
        return new GroupedLinearSpec(in, out, 16, zeroPoints, activation);
    }

    @Test
    void centersWeightsAtEightWhereNoZeroPointIsGiven() {
        GroupedLinearSpec spec = spec(2, 2, false, Activation.NONE);
        // 0.5 is 63.5 steps, the even one is 64
        assertArrayEquals(new float[] {127 * STEP + -2 * 64 * STEP, -7 * 127 * STEP},
                run(spec, weights(spec, new int[] {9, 6, 1, 8}, new float[] {1, 1}), Bias.none(), 1, 0.5f), 1e-6f);
    }

    @Test
    void takesZeroPointsOfGroups() {
        GroupedLinearSpec spec = spec(17, 1, true, Activation.NONE);
        int[] integers = new int[17];
        Arrays.fill(integers, 3);
        float[] input = new float[17];
        Arrays.fill(input, 1);
        input[16] = -4;
        float expected = 16 * 127 * -12 * (STEP * 0.5f) + -127 * 3 * (4f / 127 * 0.25f);
        assertArrayEquals(new float[] {expected}, run(spec, weights(spec, integers, new float[] {0.5f, 0.25f}, 15, 0),
                Bias.none(), input));
    }

    @Test
    void givesEveryRowAndGroupAScale() {
        GroupedLinearSpec spec = spec(17, 1, false, Activation.NONE);
        int[] integers = new int[17];
        Arrays.fill(integers, 8);
        integers[1] = 9;
        integers[16] = 9;
        float[] input = new float[34];
        input[0] = 100;
        input[1] = 1;
        input[16] = 1e-3f;
        input[17] = -1;
        input[18] = 1;
        input[33] = -2;
        float first = (float) Math.rint(1.27) * (100f / 127);
        assertArrayEquals(new float[] {first + 127 * (1e-3f / 127), 127 * STEP + -127 * (2f / 127)},
                run(spec, weights(spec, integers, new float[] {1, 1}), Bias.none(), input), 1e-7f);
    }

    @Test
    void addsTheBiasAndThenBounds() {
        GroupedLinearSpec spec = spec(1, 3, false, Activation.RELU6);
        assertArrayEquals(new float[] {1.5f, 0, 6}, run(spec, weights(spec, new int[] {9, 7, 15},
                new float[] {1, 1, 1}), Bias.of(0.5f, 0.25f, 0), 1), 1e-6f);
    }

    @Test
    void takesNotANumberAndWhatIsTinyForZero() {
        GroupedLinearSpec spec = spec(2, 1, false, Activation.NONE);
        MemorySegment weights = weights(spec, new int[] {9, 9}, new float[] {1});
        assertArrayEquals(new float[] {127 * (2f / 127), 0, 0},
                run(spec, weights, Bias.none(), Float.NaN, 2, Float.NaN, Float.NaN, 1e-38f, 0));
        assertTrue(Float.isNaN(run(spec, weights, Bias.none(), Float.POSITIVE_INFINITY, 1)[0]));
    }

    @Test
    void acceptsNoRows() {
        GroupedLinearSpec spec = spec(1, 1, false, Activation.NONE);
        assertArrayEquals(new float[0], run(spec, weights(spec, new int[] {9}, new float[] {1}), Bias.none()));
    }

    /** Rounding the input to steps moves a sum by half a step a term; sums of floats add their own errors. */
    @ParameterizedTest
    @CsvSource({"1,1,1,16", "1,40,8,16", "2,64,5,32", "5,129,33,64", "3,300,17,128", "2,520,40,256"})
    void isNearTheProductOfRealNumbers(int rows, int in, int out, int groupSize) {
        for (long seed = 0; seed < 8; seed++) {
            Samples samples = new Samples(seed);
            GroupedLinearSpec spec = new GroupedLinearSpec(in, out, groupSize, samples.random().nextBoolean(),
                    Activation.NONE);
            GroupedWeights weights = GroupedWeights.random(samples, spec, samples.random().nextBoolean());
            float[] input = new float[rows * in];
            for (int i = 0; i < input.length; i++) {
                input[i] = (float) samples.random().nextGaussian();
            }
            float[] output = run(spec, weights.segment(), Bias.none(), input);
            for (int i = 0; i < output.length; i++) {
                double[] exact = weights.exact(input, i / out * in, i % out);
                double error = Math.abs(output[i] - exact[0]);
                String place = "seed " + seed + ", row " + i / out + ", column " + i % out;
                assertTrue(error <= exact[1], () -> place + ": error " + error + " for " + exact[1] + ", " + spec);
            }
        }
    }

    @Test
    void givesTheWeightsBack() {
        Samples samples = new Samples(5);
        GroupedLinearSpec spec = spec(45, 6, true, Activation.NONE);
        for (boolean halves : new boolean[] {false, true}) {
            MemorySegment weights = GroupedWeights.random(samples, spec, halves).segment();
            MemorySegment back = MemorySegment.ofArray(new byte[(int) spec.weightBytes()]);
            try (var backend = openBackend(); var kernel = backend.groupedLinear(spec, weights, Bias.none())) {
                kernel.unpack(back);
            }
            assertEquals(-1, weights.mismatch(back));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.Activation;
import io.jquant.Bias;
import io.jquant.DataType;
import io.jquant.DynamicLinearSpec;
import io.jquant.EngineOptions;
import io.jquant.PackedLinear;
import io.jquant.QuantizationParameters;
import io.jquant.spi.LinearKernel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fully connected layer on float input. */
public abstract class DynamicLinearCases extends EngineCases {
    private static final QuantizationParameters ONE = QuantizationParameters.perTensor(DataType.S8, 1, 0);

    protected DynamicLinearCases(EngineOptions options) {
        super(options);
    }

    private float[] run(DynamicLinearSpec spec, byte[] weights, Bias bias, float... input) {
        float[] output = new float[input.length / spec.inFeatures() * spec.outFeatures()];
        try (PackedLinear linear = engine().dynamicLinear(spec, MemorySegment.ofArray(weights), bias)) {
            linear.run(input.length / spec.inFeatures(), MemorySegment.ofArray(input), MemorySegment.ofArray(output));
        }
        return output;
    }

    private static DynamicLinearSpec identity(boolean perRow, boolean reduceRange) {
        return new DynamicLinearSpec(1, 1, ONE, Activation.NONE, perRow, reduceRange);
    }

    @Test
    void choosesParametersForTheWholeInput() {
        // -1..1: scale 2/255, whose reciprocal is a little below 127.5
        float scale = (float) (2.0 / 255);
        assertArrayEquals(new float[] {-127 * scale, 127 * scale, 0, 64 * scale},
                run(identity(false, false), new byte[] {1}, Bias.none(), -1, 1, 0, 0.5f));
    }

    @Test
    void choosesParametersForEveryRow() {
        float scale = (float) (3.0 / 255);
        assertArrayEquals(new float[] {-255 * (float) (2.0 / 255), 255 * scale, 0},
                run(identity(true, false), new byte[] {1}, Bias.none(), -2, 3, 0));
    }

    @Test
    void reducesTheRangeAsPyTorchDoes() {
        // parameters of 0..127, integers up to 255: -1..1 has zero point 64, and 63.5 steps become 64
        float scale = (float) (2.0 / 127);
        assertArrayEquals(new float[] {-64 * scale, 64 * scale, 0},
                run(identity(false, true), new byte[] {1}, Bias.none(), -1, 1, 0));
    }

    @Test
    void addsTheBiasAfterScalingAndBounds() {
        DynamicLinearSpec spec = new DynamicLinearSpec(1, 2, ONE, Activation.RELU, false, false);
        float one = 255 * (float) (1.0 / 255);
        assertArrayEquals(new float[] {one + 0.5f, 0},
                run(spec, new byte[] {1, -1}, Bias.of(0.5f, 0.25f), 1));
    }

    @Test
    void treatsNotANumberAsZero() {
        float scale = (float) (2.0 / 255);
        assertArrayEquals(new float[] {0, 255 * scale, 0},
                run(identity(false, false), new byte[] {1}, Bias.none(), Float.NaN, 2, Float.NaN));
        assertArrayEquals(new float[] {0}, run(identity(false, false), new byte[] {1}, Bias.none(), Float.NaN));
    }

    @Test
    void makesNotANumberOfRangesWithoutEnd() {
        for (boolean perRow : new boolean[] {false, true}) {
            DynamicLinearSpec spec = new DynamicLinearSpec(1, 1, ONE, Activation.RELU, perRow, false);
            assertArrayEquals(new float[] {Float.NaN},
                    run(spec, new byte[] {1}, Bias.none(), Float.POSITIVE_INFINITY));
            assertArrayEquals(new float[] {Float.NaN, perRow ? 255 * (float) (1.0 / 255) : Float.NaN},
                    run(spec, new byte[] {1}, Bias.none(), Float.NEGATIVE_INFINITY, 1));
        }
    }

    @Test
    void acceptsNoRows() {
        assertArrayEquals(new float[0], run(identity(false, false), new byte[] {1}, Bias.none()));
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "1,8,8", "2,7,5", "4,64,32", "5,33,17", "9,129,65", "1,300,48"})
    void equalsBruteForce(int rows, int inFeatures, int outFeatures) {
        for (long seed = 0; seed < 8; seed++) {
            check(new Samples(seed), rows, inFeatures, outFeatures, "seed " + seed);
        }
    }

    private void check(Samples samples, int rows, int inFeatures, int outFeatures, String message) {
        QuantizationParameters weight = samples.weight(outFeatures, 0);
        DynamicLinearSpec spec = new DynamicLinearSpec(inFeatures, outFeatures, weight,
                samples.random().nextBoolean() ? Activation.NONE : Activation.RELU, samples.random().nextBoolean(),
                samples.random().nextBoolean());
        MemorySegment weights = samples.bytes((long) outFeatures * inFeatures);
        float[] bias = new float[outFeatures];
        for (int i = 0; i < outFeatures; i++) {
            bias[i] = (float) samples.random().nextGaussian();
        }
        int inputStride = inFeatures + samples.random().nextInt(4);
        int outputStride = outFeatures + samples.random().nextInt(4);
        MemorySegment x = samples.floats((rows - 1L) * inputStride + inFeatures, samples.upTo(9));
        Guarded output = new Guarded(samples.random(), 4L * ((rows - 1) * outputStride + outFeatures));
        try (PackedLinear linear = engine().dynamicLinear(spec, weights, Bias.of(bias))) {
            linear.run(rows, x, inputStride, output.segment(), outputStride, null, 0);
        }
        output.assertUntouched(4L * outFeatures, 4L * outputStride, message);
        for (int r = 0; r < rows; r++) {
            QuantizedInput quantized = spec.perRow()
                    ? new QuantizedInput(x, r * (long) inputStride, 1, inFeatures, inputStride, spec.reduceRange())
                    : new QuantizedInput(x, 0, rows, inFeatures, inputStride, spec.reduceRange());
            for (int o = 0; o < outFeatures; o++) {
                long sum = 0;
                for (int i = 0; i < inFeatures; i++) {
                    sum += quantized.distance(r * (long) inputStride + i)
                            * BruteForce.distance(weight, o, weights, (long) o * inFeatures + i);
                }
                double scale = BruteForce.f32(quantized.scale * weight.scale(o));
                double expected = BruteForce.f32(BruteForce.f32(BruteForce.f32((double) sum) * scale) + bias[o]);
                String place = ", row " + r + ", column " + o;
                assertEquals((float) Math.max(expected, spec.activation().min()),
                        output.segment().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * (r * outputStride + o)),
                        () -> message + place + ", " + spec);
            }
        }
    }

    /** The input as u8, by PyTorch's quant_utils for ranges about 0 that are not tiny. */
    private static final class QuantizedInput {
        private final MemorySegment x;
        private final double scale;
        private final long zeroPoint;

        QuantizedInput(MemorySegment x, long first, int rows, int columns, int stride, boolean reduceRange) {
            this.x = x;
            double min = 0;
            double max = 0;
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    double value = value(first + (long) r * stride + c);
                    min = Math.min(min, value);
                    max = Math.max(max, value);
                }
            }
            int most = reduceRange ? 127 : 255;
            double exact = (max - min) / most;
            double steps = -Math.abs(min / exact) < most - Math.abs(max / exact) ? -min / exact
                    : most - max / exact;
            this.zeroPoint = (long) Math.clamp(Math.rint(steps), 0.0, most);
            this.scale = BruteForce.f32(exact);
        }

        private double value(long index) {
            return x.get(ValueLayout.JAVA_FLOAT_UNALIGNED, index * 4);
        }

        long distance(long index) {
            double steps = Math.rint(BruteForce.f32(value(index) * BruteForce.f32(1 / scale)));
            return (long) Math.clamp(steps + zeroPoint, 0.0, 255.0) - zeroPoint;
        }
    }

    @Test
    void givesTheWeightsBack() {
        Samples samples = new Samples(5);
        MemorySegment weights = samples.bytes(6 * 11);
        DynamicLinearSpec spec = new DynamicLinearSpec(11, 6, samples.weight(6, 0), Activation.NONE, true, false);
        MemorySegment back = MemorySegment.ofArray(new byte[6 * 11]);
        try (var backend = openBackend(); LinearKernel kernel = backend.dynamicLinear(spec, weights, Bias.none())) {
            kernel.unpack(back);
        }
        assertEquals(-1, weights.mismatch(back));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.Activation;
import io.jquant.Bias;
import io.jquant.DataType;
import io.jquant.EngineOptions;
import io.jquant.Epilogue;
import io.jquant.LinearSpec;
import io.jquant.PackedLinear;
import io.jquant.QuantizationParameters;
import io.jquant.spi.LinearKernel;
import io.jquant.spi.Numerics;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The fully connected layer on quantized input. */
public abstract class LinearCases extends EngineCases {
    private static final QuantizationParameters ONE = QuantizationParameters.perTensor(DataType.S8, 1, 0);

    protected LinearCases(EngineOptions options) {
        super(options);
    }

    private int[] run(LinearSpec spec, byte[] weights, Bias bias, byte[] input) {
        int rows = input.length / spec.inFeatures();
        DataType type = spec.epilogue().type();
        MemorySegment output = MemorySegment.ofArray(
                new byte[Math.toIntExact(type.bytes((long) rows * spec.outFeatures()))]);
        try (PackedLinear linear = engine().linear(spec, MemorySegment.ofArray(weights), bias)) {
            linear.run(rows, MemorySegment.ofArray(input), output);
        }
        return IntStream.range(0, rows * spec.outFeatures())
                .map(i -> BruteForce.stored(type, output, i).intValue()).toArray();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static QuantizationParameters u8(float scale, int zeroPoint) {
        return QuantizationParameters.perTensor(DataType.U8, scale, zeroPoint);
    }

    @Test
    void computesByHand() {
        // (3-1)*2 + (250-1)*-1 = -245 and (3-1)*-3 + (250-1)*4 = 990, times 0.5*0.25/2 = 1/16: -15.3 and 61.9
        LinearSpec spec = new LinearSpec(2, 2, u8(0.5f, 1), QuantizationParameters.perTensor(DataType.S8, 0.25f, 0),
                Epilogue.quantized(u8(2, 100)));
        assertArrayEquals(new int[] {85, 162}, run(spec, bytes(2, -1, -3, 4), Bias.none(), bytes(3, 250)));
        assertArrayEquals(new int[] {86, 156}, run(spec, bytes(2, -1, -3, 4), Bias.of(16, -99), bytes(3, 250)));
    }

    @Test
    void memoryOfOneThreadStaysWithIt() {
        // enough products that threads would share them
        int rows = 96;
        int size = 192;
        LinearSpec spec = new LinearSpec(size, size, u8(0.5f, 3), ONE, Epilogue.quantized(u8(60, 100)));
        byte[] weights = new byte[size * size];
        byte[] input = new byte[rows * size];
        Random random = new Random(7);
        random.nextBytes(weights);
        random.nextBytes(input);
        byte[] expected = new byte[rows * size];
        byte[] actual = new byte[rows * size];
        try (PackedLinear linear = engine().linear(spec, MemorySegment.ofArray(weights), Bias.none());
                Arena arena = Arena.ofConfined()) {
            linear.run(rows, MemorySegment.ofArray(input), MemorySegment.ofArray(expected));
            MemorySegment x = arena.allocateFrom(JAVA_BYTE, input);
            MemorySegment y = arena.allocate(actual.length);
            linear.run(rows, x, y);
            MemorySegment.copy(y, JAVA_BYTE, 0, actual, 0, actual.length);
        }
        assertArrayEquals(expected, actual);
    }

    @Test
    void roundsTiesToEvenBeforeTheZeroPoint() {
        LinearSpec spec = new LinearSpec(1, 1, ONE, QuantizationParameters.perTensor(DataType.S8, 0.5f, 0),
                Epilogue.quantized(u8(1, 10)));
        int[] expected = {8, 8, 8, 9, 10, 10, 10, 11, 12, 12, 12};
        assertArrayEquals(expected, run(spec, bytes(1), Bias.none(), bytes(-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7, 8, 31, 64, 65, 512, 513, 1000, 33_025})
    void sumsWithoutSaturation(int inFeatures) {
        LinearSpec spec = new LinearSpec(inFeatures, 2, u8(1, 0), u8(1, 0), Epilogue.accumulators());
        byte[] weights = new byte[2 * inFeatures];
        byte[] input = new byte[2 * inFeatures];
        for (int i = 0; i < inFeatures; i++) {
            weights[i] = (byte) 255;
            weights[inFeatures + i] = 127;
            input[i] = (byte) 255;
            input[inFeatures + i] = (byte) 128;
        }
        assertArrayEquals(new int[] {inFeatures * 255 * 255, inFeatures * 255 * 127, inFeatures * 128 * 255,
            inFeatures * 128 * 127}, run(spec, weights, Bias.none(), input));
        LinearSpec signed = new LinearSpec(inFeatures, 2, u8(1, 255), QuantizationParameters.perTensor(DataType.S8, 1,
                127), Epilogue.accumulators());
        byte[] least = new byte[2 * inFeatures];
        Arrays.fill(least, (byte) -128);
        int most = inFeatures * 255 * 255;
        assertArrayEquals(new int[] {most, most, most, most}, run(signed, least, Bias.none(),
                new byte[2 * inFeatures]));
    }

    @Test
    void wrapsWhereAnIntegerBiasLeavesInt32() {
        LinearSpec spec = new LinearSpec(1, 2, ONE, ONE, Epilogue.accumulators());
        assertArrayEquals(new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE - 1},
                run(spec, bytes(1, -1), Bias.of(Integer.MAX_VALUE, Integer.MAX_VALUE), bytes(1)));
    }

    @Test
    void saturatesAtTheEndsOfInt32() {
        LinearSpec spec = new LinearSpec(1, 2, ONE, ONE, Epilogue.quantized(u8(1, 7)));
        assertArrayEquals(new int[] {255, 0},
                run(spec, bytes(0, 0), Bias.of(Integer.MAX_VALUE, Integer.MIN_VALUE), bytes(1)));
        LinearSpec steep = new LinearSpec(1, 3, ONE, ONE, Epilogue.quantized(u8(1e-30f, 7)));
        assertArrayEquals(new int[] {255, 0, 7}, run(steep, bytes(1, -1, 0), Bias.none(), bytes(1)));
        LinearSpec signed = new LinearSpec(1, 3, ONE, ONE,
                Epilogue.quantized(QuantizationParameters.perTensor(DataType.S8, 1e-30f, -7)));
        assertArrayEquals(new int[] {127, -128, -7}, run(signed, bytes(1, -1, 0), Bias.none(), bytes(1)));
    }

    @Test
    void divisionAndReciprocalAreTheEnginesOwn() {
        // 0.5 * s / s is 0.5; times the reciprocal of this s it is the float below
        float scale = 0.010347002f;
        LinearSpec spec = new LinearSpec(1, 1, QuantizationParameters.perTensor(DataType.S8, 0.5f, 0),
                QuantizationParameters.perTensor(DataType.S8, scale, 0), Epilogue.quantized(u8(scale, 0)));
        float reciprocal = 0.5f * scale * (1.0f / scale);
        assertEquals(Math.nextDown(0.5f), reciprocal);
        int[] expected = engine().numerics() == Numerics.FBGEMM ? new int[] {2, 4} : new int[] {1, 3};
        assertArrayEquals(expected, run(spec, bytes(1), Bias.none(), bytes(3, 7)));
    }

    @Test
    void boundsByTheActivation() {
        LinearSpec spec = new LinearSpec(1, 1, ONE, ONE, Epilogue.quantized(u8(0.1f, 20)).with(Activation.RELU6));
        assertArrayEquals(new int[] {20, 20, 20, 30, 80, 80},
                run(spec, bytes(1), Bias.none(), bytes(-128, -1, 0, 1, 6, 127)));
        LinearSpec real = new LinearSpec(1, 1, ONE, ONE, Epilogue.floating().with(Activation.RELU6));
        assertArrayEquals(new int[] {0, 0, 1, 6}, run(real, bytes(1), Bias.of(0.5f), bytes(-128, -1, 1, 127)));
    }

    @Test
    void acceptsNoRows() {
        LinearSpec spec = new LinearSpec(3, 2, ONE, ONE, Epilogue.accumulators());
        assertArrayEquals(new int[0], run(spec, new byte[6], Bias.none(), new byte[0]));
    }

    @Test
    void keepsACopyOfTheWeights() {
        byte[] weights = bytes(5);
        int[] output = new int[1];
        LinearSpec spec = new LinearSpec(1, 1, ONE, ONE, Epilogue.accumulators());
        try (PackedLinear linear = engine().linear(spec, MemorySegment.ofArray(weights), Bias.none())) {
            weights[0] = 9;
            linear.run(1, MemorySegment.ofArray(bytes(2)), MemorySegment.ofArray(output));
        }
        assertEquals(10, output[0]);
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "1,2,3", "2,8,8", "3,7,5", "5,33,17", "4,64,32", "7,100,49", "13,129,65", "1,257,96",
        "33,16,1", "2,515,2"})
    void equalsBruteForce(int rows, int inFeatures, int outFeatures) {
        for (long seed = 0; seed < 12; seed++) {
            check(new Samples(seed), rows, inFeatures, outFeatures, "seed " + seed);
        }
    }

    private void check(Samples samples, int rows, int inFeatures, int outFeatures, String message) {
        QuantizationParameters input = samples.perTensor();
        QuantizationParameters weight = samples.weight(outFeatures, 0);
        double magnitude = input.scale() * 0.06 * 80 * 80 * Math.sqrt(inFeatures);
        LinearSpec spec = new LinearSpec(inFeatures, outFeatures, input, weight, samples.epilogue(magnitude, true));
        Bias bias = samples.bias(outFeatures, (float) magnitude);
        MemorySegment weights = samples.bytes((long) outFeatures * inFeatures);
        long inputStride = inFeatures + samples.random().nextInt(3) * 5L;
        long outputStride = outFeatures + samples.random().nextInt(3) * 3L;
        MemorySegment x = samples.bytes((rows - 1) * inputStride + inFeatures);
        boolean adds = spec.epilogue().addend() != null;
        MemorySegment addend = adds ? samples.bytes((rows - 1) * (outFeatures + 4L) + outFeatures) : null;
        long size = spec.epilogue().type().bytes(1);
        Guarded output = new Guarded(samples.random(), ((rows - 1) * outputStride + outFeatures) * size);
        try (PackedLinear linear = engine().linear(spec, weights, bias)) {
            linear.run(rows, x, inputStride, output.segment(), outputStride, addend, outFeatures + 4L);
        }
        output.assertUntouched(outFeatures * size, outputStride * size, message);
        for (int r = 0; r < rows; r++) {
            for (int o = 0; o < outFeatures; o++) {
                long raw = 0;
                for (int i = 0; i < inFeatures; i++) {
                    raw += BruteForce.distance(input, 0, x, r * inputStride + i)
                            * BruteForce.distance(weight, o, weights, (long) o * inFeatures + i);
                }
                long added = adds
                        ? BruteForce.distance(spec.epilogue().addend(), 0, addend, r * (outFeatures + 4L) + o) : 0;
                String place = ", row " + r + ", column " + o;
                assertEquals(BruteForce.element(engine().numerics(), input, weight, o, spec.epilogue(), bias, raw,
                        added), BruteForce.stored(spec.epilogue().type(), output.segment(), r * outputStride + o),
                        () -> message + place + ", " + spec + ", " + bias);
            }
        }
    }

    @Test
    void givesTheWeightsBack() {
        Samples samples = new Samples(11);
        MemorySegment weights = samples.bytes(15 * 37);
        LinearSpec spec = new LinearSpec(37, 15, samples.perTensor(), samples.weight(15, 0), Epilogue.floating());
        MemorySegment back = MemorySegment.ofArray(new byte[15 * 37]);
        try (var backend = openBackend(); LinearKernel kernel = backend.linear(spec, weights, Bias.none())) {
            kernel.unpack(back);
        }
        assertEquals(-1, weights.mismatch(back));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.work;

import io.jquant.DataType;
import io.jquant.QuantizationParameters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/** Operands of benchmarks: random, of the whole range, the same in every run; off-heap and aligned, as weights are. */
public final class Operands {
    /** Parameters of quantized input: a zero point that is neither 0 nor even. */
    public static final QuantizationParameters INPUT = QuantizationParameters.perTensor(DataType.U8, 0.05f, 117);
    private static final int ALIGNMENT = 64;
    private static final float WEIGHT_SCALE = 0.01f;
    /** The standard deviation of a uniform byte. */
    private static final double SPREAD = 74;

    private Operands() {
    }

    /**
     * Memory of zeros.
     *
     * @param type the elements' type
     * @param elements how many
     * @return the memory
     */
    public static MemorySegment zeros(DataType type, long elements) {
        return Arena.ofAuto().allocate(Math.max(1, type.bytes(elements)), ALIGNMENT);
    }

    static MemorySegment bytes(long elements, long seed) {
        MemorySegment memory = zeros(DataType.U8, elements);
        SplittableRandom random = new SplittableRandom(seed);
        for (long i = 0; i < elements; i++) {
            memory.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
        return memory;
    }

    static MemorySegment floats(long elements, long seed) {
        MemorySegment memory = zeros(DataType.F32, elements);
        SplittableRandom random = new SplittableRandom(seed);
        for (long i = 0; i < elements; i++) {
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextDouble(-6, 6));
        }
        return memory;
    }

    /** Parameters of weights: s8, a scale for every output channel. */
    static QuantizationParameters weights(int channels, int axis) {
        float[] scales = new float[channels];
        for (int i = 0; i < channels; i++) {
            scales[i] = WEIGHT_SCALE * (1 + i % 7 / 10f);
        }
        return QuantizationParameters.symmetricPerChannel(DataType.S8, scales, axis);
    }

    /** Parameters of the output of sums of so many products: most of it within the range, some of it beyond. */
    static QuantizationParameters output(long terms) {
        double real = INPUT.scale() * WEIGHT_SCALE * SPREAD * SPREAD * Math.sqrt((double) terms);
        return QuantizationParameters.perTensor(DataType.U8, (float) (real / 50), 128);
    }

    static int[] numbers(String shape, int count) {
        int[] numbers = Pattern.compile("x").splitAsStream(shape).mapToInt(Integer::parseInt).toArray();
        if (numbers.length != count) {
            throw new IllegalArgumentException("shape = " + shape + ": must be " + count + " numbers with x between");
        }
        return numbers;
    }
}

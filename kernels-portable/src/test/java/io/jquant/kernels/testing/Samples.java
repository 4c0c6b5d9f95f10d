// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import io.jquant.Activation;
import io.jquant.Bias;
import io.jquant.DataType;
import io.jquant.Epilogue;
import io.jquant.QuantizationParameters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** Random operands: extremes are as likely as all other values together. */
public final class Samples {
    private static final int[] U8_ZERO_POINTS = {0, 1, 127, 128, 255};
    private static final int[] S8_ZERO_POINTS = {-128, -127, -1, 0, 127};

    private static final float[] SPECIAL = {0.0f, -0.0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY,
        Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL, 0x1p31f, -0x1p31f,
        0x1.fffffep30f, -0x1.000002p31f, 0x1p23f, 0x1.000002p24f, 1e30f, -1e30f, 0.5f, -0.5f, 1.5f, -1.5f, 2.5f};

    private final Random random;

    public Samples(long seed) {
        this.random = new Random(seed);
    }

    public Random random() {
        return random;
    }

    /** A number from 1 to {@code most}. */
    public int upTo(int most) {
        return 1 + random.nextInt(most);
    }

    public DataType type() {
        return random.nextBoolean() ? DataType.U8 : DataType.S8;
    }

    /** Exactly as many bytes as asked for, on the heap or off it. */
    public MemorySegment bytes(long count) {
        byte[] values = new byte[Math.toIntExact(count)];
        random.nextBytes(values);
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (random.nextInt(6)) {
                case 0 -> 0;
                case 1 -> (byte) 127;
                case 2 -> (byte) 128;
                case 3 -> (byte) 255;
                default -> values[i];
            };
        }
        return place(MemorySegment.ofArray(values));
    }

    public MemorySegment floats(long count, float scale) {
        float[] values = new float[Math.toIntExact(count)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() * scale;
        }
        return place(MemorySegment.ofArray(values));
    }

    /** Floats aligned to nothing, of which some are special and many lie half way between two integers. */
    public MemorySegment specialFloats(int count) {
        MemorySegment values = MemorySegment.ofArray(new byte[4 * count + 1]).asSlice(1);
        for (int i = 0; i < count; i++) {
            values.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i, random.nextInt(4) == 0
                    ? SPECIAL[random.nextInt(SPECIAL.length)]
                    : Math.round(random.nextGaussian() * 400) * 0.125f);
        }
        return values;
    }

    /** Puts NaN, zeros and numbers that are tiny or of rounding's ties among floats. */
    public void spoil(MemorySegment floats) {
        float[] odd = {Float.NaN, 0, -0f, Float.MIN_VALUE, 1e-38f, 63.5f, -127};
        for (int i = random.nextInt(20); i > 0 && floats.byteSize() > 0; i--) {
            long at = random.nextLong(floats.byteSize() / Float.BYTES);
            floats.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at * Float.BYTES, odd[random.nextInt(odd.length)]);
        }
    }

    private MemorySegment place(MemorySegment heap) {
        return random.nextBoolean() ? heap : Arena.ofAuto().allocate(heap.byteSize(), 1).copyFrom(heap);
    }

    private float scale() {
        return (float) StrictMath.pow(2, random.nextDouble() * 8 - 8);
    }

    public int zeroPoint(DataType type) {
        int[] choice = type == DataType.U8 ? U8_ZERO_POINTS : S8_ZERO_POINTS;
        return choice[random.nextInt(choice.length)];
    }

    public QuantizationParameters perTensor() {
        DataType type = type();
        return QuantizationParameters.perTensor(type, scale(), zeroPoint(type));
    }

    public QuantizationParameters weight(int channels, int axis) {
        if (random.nextInt(3) == 0) {
            return perTensor();
        }
        DataType type = type();
        float[] scales = new float[channels];
        int[] zeroPoints = new int[channels];
        for (int i = 0; i < channels; i++) {
            scales[i] = scale();
            zeroPoints[i] = zeroPoint(type);
        }
        return QuantizationParameters.perChannel(type, scales, zeroPoints, axis);
    }

    public Bias bias(int channels, float realScale) {
        int[] integers = new int[channels];
        float[] reals = new float[channels];
        for (int i = 0; i < channels; i++) {
            integers[i] = random.nextInt(20_001) - 10_000;
            reals[i] = (float) random.nextGaussian() * realScale;
        }
        return switch (random.nextInt(3)) {
            case 0 -> Bias.none();
            case 1 -> Bias.of(integers);
            default -> Bias.of(reals);
        };
    }

    /** Any output, one that is quantized so coarse that sums of about {@code magnitude} fill its range. */
    public Epilogue epilogue(double magnitude, boolean mayAdd) {
        return switch (random.nextInt(6)) {
            case 0 -> Epilogue.accumulators();
            case 1 -> Epilogue.floating().with(activation());
            default -> quantized((float) (magnitude / 100 * (0.5 + random.nextDouble())), mayAdd);
        };
    }

    private Epilogue quantized(float scale, boolean mayAdd) {
        DataType type = type();
        Epilogue epilogue = Epilogue.quantized(QuantizationParameters.perTensor(type, scale, zeroPoint(type)))
                .with(activation());
        return mayAdd && random.nextBoolean() ? epilogue.withAddend(addend(scale)) : epilogue;
    }

    private QuantizationParameters addend(float outputScale) {
        DataType type = type();
        return QuantizationParameters.perTensor(type, outputScale * (0.1f + random.nextFloat()), zeroPoint(type));
    }

    private Activation activation() {
        return switch (random.nextInt(4)) {
            case 0 -> Activation.RELU;
            case 1 -> Activation.RELU6;
            default -> Activation.NONE;
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/**
 * A fully connected layer on float input whose weights have 4 bits, and a scale for every group of them along the
 * input. The input is quantized as it comes, to s8 with a scale for every row and group, so that products are of
 * integers. With {@code g} for the group of {@code i}, every operation rounded once, none fused:
 * <pre>
 * largest[r][g]     = the largest abs(input[r][i]) of the group; NaN is passed over
 * inputScale[r][g]  = largest / 127; 0 where 127 / largest is infinite
 * quantized[r][i]   = rne(input[r][i] * (127 / largest)); 0 where that is NaN or the scale is 0
 * sum[r][o][g]      = sum of quantized[r][i] * (weight[o][i] - zeroPoint[o][g]), exact
 * value[r][o]       = 0; then, group by group, value + (float) sum * (inputScale[r][g] * scale[o][g])
 * output[r][o]      = activation(value + bias[o])
 * </pre>
 *
 * <p>This is {@code MatMulNBits} of ONNX's domain {@code com.microsoft} with {@code accuracy_level} 4 (in MLAS,
 * {@code SQNBIT_CompInt8}: {@code QuantizeARow_CompInt8} quantizes blocks of the input in this way), and llama.cpp's
 * product of {@code Q4_0} or {@code Q4_1} and {@code Q8_0}. Those leave open in which order sums of groups are added;
 * here it is part of the definition.
 *
 * <p>Weights are given and saved in one piece, little-endian, without gaps; G is {@link #groups}:
 * <pre>
 * weights      [outFeatures][G][groupSize / 2] bytes, 0..15, two to a byte, the first in the low half
 * scales       [outFeatures][G] f32
 * zero points  [outFeatures][ceil(G / 2)] bytes, 0..15, two to a byte, the first in the low half; only if given
 * </pre>
 * The last group is whole, whatever its weights beyond {@code inFeatures} are: they are not used. A zero point's half
 * of a byte that no group has is not used either, and given back as 0.
 *
 * @param inFeatures columns of the input, at least 1
 * @param outFeatures columns of the output, at least 1
 * @param groupSize weights of a group: 16, 32, 64, 128 or 256
 * @param zeroPoints whether zero points are given; otherwise all are 8
 * @param activation bounds of the result
 */
public record GroupedLinearSpec(int inFeatures, int outFeatures, int groupSize, boolean zeroPoints,
        Activation activation) implements FullyConnectedSpec {
    private static final int MOST_FEATURES = 1 << 28;

    /**
     * Checks that the parts go together.
     *
     * @throws IllegalArgumentException if they do not
     */
    public GroupedLinearSpec {
        Require.positive("inFeatures", inFeatures);
        Require.that(inFeatures <= MOST_FEATURES, "inFeatures", inFeatures, "at most " + MOST_FEATURES);
        Require.positive("outFeatures", outFeatures);
        Require.that(groupSize >= 16 && groupSize <= 256 && Integer.bitCount(groupSize) == 1, "groupSize", groupSize,
                "16, 32, 64, 128 or 256");
        Require.notNull("activation", activation);
    }

    /** {@return groups of a row of weights} */
    public int groups() {
        return Math.ceilDiv(inFeatures, groupSize);
    }

    /** {@return where the scales begin, in bytes} */
    public long scaleOffset() {
        return Require.product("weights", outFeatures, groups(), groupSize / 2);
    }

    /** {@return where the zero points begin, or would, in bytes} */
    public long zeroPointOffset() {
        return Require.sum("weights", scaleOffset(), Require.product("scales", outFeatures, groups(), Float.BYTES));
    }

    @Override
    public long weightBytes() {
        return Require.sum("weights", zeroPointOffset(),
                zeroPoints ? Require.product("zero points", outFeatures, Math.ceilDiv(groups(), 2)) : 0);
    }

    @Override
    public DataType inputType() {
        return DataType.F32;
    }

    @Override
    public DataType outputType() {
        return DataType.F32;
    }

    @Override
    public boolean hasAddend() {
        return false;
    }
}

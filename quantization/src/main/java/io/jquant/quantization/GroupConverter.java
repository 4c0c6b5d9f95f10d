// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.DataType;
import io.jquant.graph.Tensor;

/**
 * Weights in 4 bits with a scale for every group along the input, as MatMulNBits reads them: 0..15, of which 8 means 0.
 * A group's scale is of those that let its outermost weight become -8 or near it, and of their negatives, the one with
 * the least squared error; a number of binary16 wherever that has it.
 *
 * @param integers u8 {@code [outputs][groups][groupSize / 2]}
 * @param scales f32 {@code [outputs * groups]}
 */
record GroupConverter(Tensor integers, Tensor scales) {
    private static final int ZERO_POINT = 8;
    private static final int MOST = 15;
    /** Steps from 0 to a group's outermost weight. */
    private static final float[] REACHES = {8, 7.75f, 7.5f, 7.25f, 7, 8.25f, 8.5f, 8.75f, 9, 9.5f};

    /** Quantizes weights {@code [inputs][outputs]}. */
    static GroupConverter of(Tensor weights, int groupSize) {
        int inputs = weights.dim(0);
        int outputs = weights.dim(1);
        int groups = Math.ceilDiv(inputs, groupSize);
        Tensor integers = Tensor.allocate(DataType.U8, outputs, groups, groupSize / 2);
        Tensor scales = Tensor.allocate(DataType.F32, (long) outputs * groups);
        float[] group = new float[groupSize];
        for (int i = 0; i < scales.count(); i++) {
            int first = i % groups * groupSize;
            for (int j = 0; j < groupSize; j++) {
                group[j] = first + j < inputs ? weights.floats()[(first + j) * outputs + i / groups] : 0;
            }
            float scale = scale(group);
            scales.floats()[i] = scale;
            for (int j = 0; j < groupSize; j++) {
                int at = (i * groupSize + j) / 2;
                integers.bytes()[at] |= (byte) (step(group[j], scale) << (j % 2 * 4));
            }
        }
        return new GroupConverter(integers, scales);
    }

    private static float scale(float[] group) {
        float outermost = 0;
        for (float weight : group) {
            outermost = Math.abs(weight) > Math.abs(outermost) ? weight : outermost;
        }
        float best = rounded(outermost / -REACHES[0]);
        double least = error(group, best);
        for (float reach : REACHES) {
            for (int sign = -1; sign <= 1; sign += 2) {
                float scale = rounded(sign * outermost / reach);
                double error = error(group, scale);
                if (error < least) {
                    least = error;
                    best = scale;
                }
            }
        }
        return best;
    }

    /** The nearest number of binary16, unless that is 0, or infinite, or too coarse to be near. */
    private static float rounded(float scale) {
        float half = Float.float16ToFloat(Float.floatToFloat16(scale));
        return Math.abs(half - scale) <= Math.abs(scale) / 1024 ? half : scale;
    }

    private static double error(float[] group, float scale) {
        double sum = 0;
        for (float weight : group) {
            double error = weight - (step(weight, scale) - ZERO_POINT) * scale;
            sum += error * error;
        }
        return sum;
    }

    private static int step(float weight, float scale) {
        return scale == 0 ? ZERO_POINT : (int) Math.clamp(Math.rint(weight / scale) + ZERO_POINT, 0, MOST);
    }
}

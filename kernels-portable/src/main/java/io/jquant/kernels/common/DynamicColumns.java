// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.jquant.Bias;
import io.jquant.DynamicLinearSpec;
import io.jquant.QuantizationParameters;
import java.lang.foreign.MemorySegment;

/**
 * What the columns of a dynamic layer's output are computed with, whatever the input's parameters. Arrays are padded
 * with zeros to whole panels.
 */
public final class DynamicColumns {
    /** Terms of a sum. */
    public final int depth;
    /** The lower bound. */
    public final float min;
    /** The upper bound. */
    public final float max;
    /** Scales of the weights. */
    public final float[] scales;
    /** Biases. */
    public final float[] biases;
    /** Zero points of the weights, as s8. */
    public final int[] zeroPoints;
    /** Sums of the weights. */
    public final int[] sums;
    /** What raw sums lack. */
    public final int[] lacking;
    private final boolean finite;
    private float largestScale;

    DynamicColumns(DynamicLinearSpec spec, GemmPlan plan, Bias bias) {
        int count = spec.outFeatures();
        int padded = plan.operands()[0].weights.paddedColumns();
        depth = spec.inFeatures();
        min = spec.activation().min();
        max = spec.activation().max();
        scales = new float[padded];
        zeroPoints = new int[padded];
        sums = new int[padded];
        lacking = new int[padded];
        biases = new float[padded];
        if (bias instanceof Bias.Real real) {
            System.arraycopy(real.values().toArray(), 0, biases, 0, count);
        }
        boolean all = true;
        for (int column = 0; column < count; column++) {
            scales[column] = spec.weight().scale(column);
            largestScale = Math.max(largestScale, scales[column]);
            zeroPoints[column] = GemmPlan.columnZeroPoint(spec.weight(), column);
            sums[column] = plan.columnSum(column);
            lacking[column] = plan.lacking(column);
            all &= Float.isFinite(biases[column]);
        }
        finite = all;
    }

    static boolean hasZeroPoints(QuantizationParameters weight, int columns) {
        for (int column = 0; column < columns; column++) {
            if (GemmPlan.columnZeroPoint(weight, column) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether no output of an input of some scale can be a NaN, which machine code does not bound as Java does. */
    boolean areFinite(float inputScale) {
        return finite && Float.isFinite(inputScale * largestScale);
    }

    /**
     * Writes the terms of all columns for an input that is quantized as a whole.
     *
     * @param terms have their place
     * @param scale the input's scale
     * @param zeroPoint the input's zero point
     * @param scratch memory of the running thread's own
     */
    void write(ColumnTerms terms, float scale, int zeroPoint, Scratch scratch) {
        int count = scales.length;
        int[] initial = scratch.ints(count);
        float[] multipliers = scratch.floats(count);
        for (int i = 0; i < count; i++) {
            initial[i] = lacking[i] - zeroPoint * sums[i] + depth * zeroPoint * zeroPoints[i];
        }
        for (int i = 0; i < count; i++) {
            multipliers[i] = scale * scales[i];
        }
        MemorySegment to = terms.segment();
        MemorySegment.copy(initial, 0, to, JAVA_INT, terms.initialOffset(), count);
        MemorySegment.copy(multipliers, 0, to, JAVA_FLOAT, terms.multiplierOffset(), count);
        MemorySegment.copy(biases, 0, to, JAVA_FLOAT, terms.biasOffset(), count);
        if (terms.weightZeroPointOffset() >= 0) {
            MemorySegment.copy(zeroPoints, 0, to, JAVA_INT, terms.weightZeroPointOffset(), count);
        }
    }
}

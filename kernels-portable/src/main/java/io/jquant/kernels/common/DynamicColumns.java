// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.Bias;
import io.jquant.DynamicLinearSpec;

/** What the columns of a dynamic layer's output are computed with, whatever the input's parameters. */
final class DynamicColumns {
    final int depth;
    final float min;
    final float max;
    final float[] scales;
    final float[] biases;
    final int[] zeroPoints;
    final int[] sums;
    final int[] lacking;

    DynamicColumns(DynamicLinearSpec spec, GemmPlan plan, Bias bias) {
        int count = spec.outFeatures();
        depth = spec.inFeatures();
        min = spec.activation().min();
        max = spec.activation().max();
        scales = new float[count];
        zeroPoints = new int[count];
        sums = new int[count];
        lacking = new int[count];
        biases = bias instanceof Bias.Real real ? real.values().toArray() : new float[count];
        for (int column = 0; column < count; column++) {
            scales[column] = spec.weight().scale(column);
            zeroPoints[column] = GemmPlan.columnZeroPoint(spec.weight(), column);
            sums[column] = plan.columnSum(column);
            lacking[column] = plan.lacking(column);
        }
    }

    boolean hasZeroPoints() {
        for (int zeroPoint : zeroPoints) {
            if (zeroPoint != 0) {
                return true;
            }
        }
        return false;
    }
}

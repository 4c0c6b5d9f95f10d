// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.LayerNormSpec;

/** What a row of a layer norm has of its own, of the sums of its integers and of their squares. */
public final class LayerNormRow {
    private LayerNormRow() {
    }

    /**
     * The mean.
     *
     * @param spec the operator
     * @param sum the sum of the row's integers
     * @return their mean, in steps from the zero point
     */
    public static float mean(LayerNormSpec spec, long sum) {
        return (float) sum / spec.size() - spec.input().zeroPoint();
    }

    /**
     * What distances from the mean are multiplied with.
     *
     * @param spec the operator
     * @param sum the sum of the row's integers
     * @param sumOfSquares the sum of their squares
     * @return the factor, which makes steps real numbers too
     */
    public static float factor(LayerNormSpec spec, long sum, long sumOfSquares) {
        float scale = spec.input().scale();
        float mean = (float) sum / spec.size();
        float variance = Math.max((float) sumOfSquares / spec.size() - mean * mean, 0.0f);
        // the epsilon is a double in aten, and with it the root and the quotient
        return (float) (scale / Math.sqrt((double) (variance * scale * scale) + spec.epsilon()));
    }
}

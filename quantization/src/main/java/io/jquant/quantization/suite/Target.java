// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.suite;

/**
 * The quality that a quantized model must have.
 *
 * @param metric what is measured
 * @param value the least agreement (0 to 1) or ratio (decibels), or the most relative error
 */
public record Target(Metric metric, double value) {
    /** What is measured against the float model. */
    public enum Metric {
        /** Share of the samples with the same largest output, 0 to 1; at least as much as wanted. */
        AGREEMENT,
        /** Signal to quantization noise ratio in decibels, at least as much as wanted. */
        SQNR,
        /** Relative root mean square error, at most as much as wanted. */
        RMS
    }

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if one is missing, or the value none that can be reached
     */
    public Target {
        if (metric == null || !(value >= 0) || (metric == Metric.AGREEMENT && value > 1)) {
            throw new IllegalArgumentException("metric = " + metric + ", value = " + value
                    + ": must be given, the value 0 or more, an agreement at most 1");
        }
    }

    /**
     * Whether a model is good enough.
     *
     * @param quality its quality
     * @return true if it is
     */
    public boolean isMetBy(Quality quality) {
        return switch (metric) {
            case AGREEMENT -> quality.agreement() >= value;
            case SQNR -> quality.sqnr() >= value;
            case RMS -> quality.relativeRms() <= value;
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.suite;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far numbers are from others. Where either is not finite, the pair counts only in {@code unequal}, and there only
 * if the two differ.
 *
 * @param count pairs of finite numbers
 * @param unequal pairs that differ, of which one at least is not finite
 * @param power sum of the squares of the exact numbers
 * @param actualPower sum of the squares of the others
 * @param product sum of the products of the pairs
 * @param noise sum of the squares of the differences
 * @param maxError the largest difference
 * @param exact how the exact numbers are distributed
 * @param actual how the others are
 * @param error how the differences are
 */
public record TensorError(long count, long unequal, double power, double actualPower, double product, double noise,
        double maxError, Distribution exact, Distribution actual, Distribution error) {
    /**
     * The signal to quantization noise ratio, {@code 20 log10(|x| / |x - y|)}.
     *
     * @return decibels; infinite where there is no difference, NaN where there was nothing to compare
     */
    public double sqnr() {
        if (count == 0) {
            return Double.NaN;
        }
        return noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(power / noise);
    }

    /** {@return the root mean square of the differences over that of the exact numbers; 0 where there is none} */
    public double relativeRms() {
        return noise == 0 ? 0 : Math.sqrt(noise / power);
    }

    /** {@return the cosine of the angle between the two; 1 where both are 0} */
    public double cosine() {
        if (power == 0 || actualPower == 0) {
            return power == actualPower ? 1 : 0;
        }
        return Math.min(1, product / Math.sqrt(power * actualPower));
    }

    /** {@return the figures by name, for a JSON writer} */
    public Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("count", count);
        map.put("unequal", unequal);
        map.put("sqnr", sqnr());
        map.put("cosine", cosine());
        map.put("relativeRms", relativeRms());
        map.put("maxError", maxError);
        return map;
    }
}

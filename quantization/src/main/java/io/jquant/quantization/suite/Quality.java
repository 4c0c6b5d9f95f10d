// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.suite;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How near a model's outputs are to those of the float model.
 *
 * @param agreement share of the rows of the first output whose largest element is at the same place, 0 to 1; NaN where
 *        the output has no rows of more than one element
 * @param sqnr signal to quantization noise ratio of all outputs, in decibels
 * @param relativeRms root mean square of the differences over that of the float outputs
 */
public record Quality(double agreement, double sqnr, double relativeRms) {
    /** {@return the figures by name, for a JSON writer} */
    public Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("agreement", agreement);
        map.put("sqnr", sqnr);
        map.put("relativeRms", relativeRms);
        return map;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.suite;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What quantizing a layer costs.
 *
 * @param node the layer's name, as {@link io.jquant.quantization.QConfigMapping} knows it
 * @param operator its operator
 * @param alone the quality of the model in which this layer alone is quantized
 * @param allBut the quality of the model in which all layers but this one are
 */
public record LayerSensitivity(String node, String operator, Quality alone, Quality allBut) {
    /** {@return the figures by name, for a JSON writer} */
    public Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("node", node);
        map.put("operator", operator);
        map.put("alone", alone.asMap());
        map.put("allBut", allBut.asMap());
        return map;
    }
}

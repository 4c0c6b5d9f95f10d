// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.suite;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How far a layer of a quantized model is from that of the float model.
 *
 * @param value the name of what the layer makes
 * @param operators its float operators, joined by a plus
 * @param nodes the names of its float nodes
 * @param weights its weights, dequantized, against the float ones; null where it has none that can be matched
 * @param shadowed what the quantized layer makes of the float model's values: the error that is its own
 * @param endToEnd what the quantized model makes: with the error of all layers before it
 */
public record LayerReport(String value, String operators, List<String> nodes, TensorError weights,
        TensorError shadowed, TensorError endToEnd) {
    /** Copies the list. */
    public LayerReport {
        nodes = List.copyOf(nodes);
    }

    /** {@return the figures by name, for a JSON writer} */
    public Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("value", value);
        map.put("operators", operators);
        map.put("nodes", nodes);
        map.put("weights", weights == null ? null : weights.asMap());
        map.put("shadowed", shadowed.asMap());
        map.put("endToEnd", endToEnd.asMap());
        return map;
    }
}

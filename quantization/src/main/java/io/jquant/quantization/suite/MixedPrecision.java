// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.suite;

import io.jquant.graph.Model;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a search for a wanted quality has found.
 *
 * @param target what was wanted
 * @param keptFloat the names of the layers that stay float
 * @param before the quality with every layer quantized
 * @param after the quality with those layers float
 * @param isMet whether that is good enough
 * @param model the model
 */
public record MixedPrecision(Target target, List<String> keptFloat, Quality before, Quality after, boolean isMet,
        Model model) {
    /** Copies the list. */
    public MixedPrecision {
        keptFloat = List.copyOf(keptFloat);
    }

    /** {@return the figures by name, for a JSON writer} */
    public Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("metric", target.metric().name());
        map.put("wanted", target.value());
        map.put("met", isMet);
        map.put("keptFloat", keptFloat);
        map.put("before", before.asMap());
        map.put("after", after.asMap());
        return map;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.QuantizationParameters;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The activations that are quantized, in groups that have the same parameters. */
final class RangeGroups {
    private final Map<String, String> parents = new LinkedHashMap<>();
    private final Map<String, QConfig> configs = new HashMap<>();
    private final Map<String, QuantizationParameters> known = new HashMap<>();

    /** Adds a value, in a group of its own if it is new. */
    void add(String value, QConfig config) {
        parents.putIfAbsent(value, value);
        configs.putIfAbsent(value, config);
    }

    /** Adds a value whose parameters are known beforehand. */
    void addKnown(String value, QConfig config, QuantizationParameters parameters) {
        add(value, config);
        known.put(value, parameters);
    }

    boolean contains(String value) {
        return parents.containsKey(value);
    }

    Set<String> values() {
        return parents.keySet();
    }

    /** The value that stands for a group. */
    String group(String value) {
        String at = value;
        while (!parents.get(at).equals(at)) {
            at = parents.get(at);
        }
        return at;
    }

    /** Gives two values the same parameters. */
    void join(String value, String other) {
        String from = group(other);
        String to = group(value);
        if (!from.equals(to)) {
            parents.put(from, to);
            QuantizationParameters parameters = known.remove(from);
            if (parameters != null) {
                known.putIfAbsent(to, parameters);
            }
        }
    }

    /** The configuration of a group. */
    QConfig config(String value) {
        return configs.get(group(value));
    }

    /** The parameters that a value's group is known to have, null if they are to be observed. */
    QuantizationParameters known(String value) {
        return known.get(group(value));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.exec;

import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What follows from a graph without running it.
 *
 * @param values type and shape of every value by name, in the order of the nodes
 * @param constants the values that do not depend on the graph's inputs, initializers included
 */
public record InferredValues(Map<String, ValueInfo> values, Map<String, Tensor> constants) {
    /** Copies the maps. */
    public InferredValues {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A graph with what a file says about it.
 *
 * @param irVersion version of the file format
 * @param opsets version of each operator set that is imported, by domain (empty: ai.onnx)
 * @param producer the program that made the model, may be empty
 * @param producerVersion that program's version, may be empty
 * @param metadata free properties
 * @param graph the graph
 */
public record Model(long irVersion, Map<String, Integer> opsets, String producer, String producerVersion,
        Map<String, String> metadata, Graph graph) {
    /** Checks the components and copies the maps. */
    public Model {
        if (producer == null || producerVersion == null || graph == null) {
            throw new IllegalArgumentException("producer = " + producer + ", producerVersion = " + producerVersion
                    + ", graph = " + (graph == null ? "null" : graph.name()) + ": must not be null");
        }
        opsets = Collections.unmodifiableMap(new LinkedHashMap<>(opsets));
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /**
     * Version of an operator set.
     *
     * @param domain the domain, empty for ai.onnx
     * @return the version, or 0 if it is not imported
     */
    public int opset(String domain) {
        return opsets.getOrDefault(domain, 0);
    }

    /**
     * This model with another graph.
     *
     * @param changed the graph
     * @return the new model
     */
    public Model withGraph(Graph changed) {
        return new Model(irVersion, opsets, producer, producerVersion, metadata, changed);
    }
}

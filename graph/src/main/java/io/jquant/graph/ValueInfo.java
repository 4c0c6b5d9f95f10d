// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph;

import io.jquant.DataType;

/**
 * A named value of a graph with what is known of its type.
 *
 * @param name the name, unique in the graph
 * @param type the element type, or null if it is not known
 * @param shape the shape
 */
public record ValueInfo(String name, DataType type, Shape shape) {
    /** Checks the components. */
    public ValueInfo {
        if (name == null || name.isEmpty()) {
            throw new IllegalArgumentException("name = " + name + ": must be a name");
        }
        if (shape == null) {
            throw new IllegalArgumentException("shape = null: must be a shape, Shape.UNKNOWN if nothing is known");
        }
    }
}

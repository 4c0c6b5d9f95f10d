// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.exec;

import io.jquant.graph.Tensor;

/** Sees the values of a graph while it runs. */
@FunctionalInterface
public interface Observer {
    /**
     * Called for every input of the graph and for every value that a node has made, in order.
     *
     * @param name the value's name
     * @param value the value; its array is reused after the call returns, and must not be changed
     */
    void observe(String name, Tensor value);
}

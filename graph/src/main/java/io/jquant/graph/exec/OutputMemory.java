// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.exec;

import io.jquant.DataType;
import io.jquant.graph.Tensor;

/** Where the values go that a run hands out. */
@FunctionalInterface
public interface OutputMemory {
    /**
     * Gives memory, whose contents need not be set.
     *
     * @param value the value's name
     * @param type the type of its elements
     * @param shape its sizes
     * @return a tensor of that type and shape, which the run fills
     */
    Tensor allocate(String value, DataType type, long[] shape);
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.QuantizationParameters;
import io.jquant.graph.Tensor;

/**
 * Watches real numbers go by and says with which parameters to quantize them. Not thread-safe. Infinities are passed
 * over, so that a mask of them does not spoil a range; NaN is refused.
 */
public interface Observer {
    /**
     * Takes a tensor into account; an empty one changes nothing.
     *
     * @param values an f32 tensor
     * @throws IllegalArgumentException if it is of another type, of a shape that the observer cannot use, or holds NaN
     */
    void observe(Tensor values);

    /**
     * Takes into account what another observer has seen, so that this one knows as much as if it had seen all.
     *
     * @param other an observer of the same kind and options
     * @throws IllegalArgumentException if the other is of another kind or has other options
     * @throws UnsupportedOperationException if the result depends on the order of the data
     */
    void merge(Observer other);

    /** {@return an observer that has seen the same, and goes its own way from now on} */
    Observer copy();

    /** {@return the parameters for what was seen; scale 1 and zero point 0 if that was nothing} */
    QuantizationParameters parameters();

    /** {@return whether anything was seen} */
    boolean hasObserved();
}

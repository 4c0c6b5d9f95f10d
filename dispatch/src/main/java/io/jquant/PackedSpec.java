// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/** What a {@link PackedOperator} was prepared from, besides its weights and biases. */
public sealed interface PackedSpec permits FullyConnectedSpec, ConvolutionSpec, RecurrentSpec, EmbeddingBagSpec {
    /**
     * The size of the weights as they are given and saved; a recurrent cell's weights on the input and on the state
     * together.
     *
     * @return the size in bytes
     * @throws IllegalArgumentException if it does not fit a long
     */
    long weightBytes();
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.QuantizationParameters;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * How a node is quantized: who watches its activations, and who its weights.
 *
 * @param activation makes an observer for an activation, per tensor
 * @param weight makes an observer for a weight whose output channels are on the given axis
 */
public record QConfig(Supplier<Observer> activation, IntFunction<Observer> weight) {
    /**
     * Checks that both are given.
     *
     * @throws IllegalArgumentException if one is null
     */
    public QConfig {
        if (activation == null || weight == null) {
            throw new IllegalArgumentException("activation = " + activation + ", weight = " + weight
                    + ": must be given");
        }
    }

    /**
     * This configuration with another observer of activations.
     *
     * @param observer makes it
     * @return the configuration
     */
    public QConfig withActivation(Supplier<Observer> observer) {
        return new QConfig(observer, weight);
    }

    /**
     * This configuration with min-max observers of weights, one range per output channel.
     *
     * @param options over which integers
     * @return the configuration
     */
    public QConfig withWeightPerChannel(ObserverOptions options) {
        return new QConfig(activation, axis -> new MinMaxObserver(options, axis));
    }

    /**
     * This configuration with min-max observers of weights, one range per weight tensor.
     *
     * @param options over which integers
     * @return the configuration
     */
    public QConfig withWeightPerTensor(ObserverOptions options) {
        return new QConfig(activation, axis -> new MinMaxObserver(options, QuantizationParameters.NO_AXIS));
    }
}

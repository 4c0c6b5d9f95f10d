// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.DataType;

/** The configurations that go with the engines. */
public final class QConfigs {
    private QConfigs() {
    }

    /**
     * What jquant uses for an engine unless told otherwise: a histogram observer over all of u8 for activations,
     * {@link ObserverOptions#weights} per output channel for weights. The same for every engine of
     * jquant: none saturates, none needs fewer integers.
     *
     * @return the configuration
     */
    public static QConfig defaults() {
        return histogram(ObserverOptions.affine(DataType.U8))
                .withWeightPerChannel(ObserverOptions.weights());
    }

    /**
     * The range of activations from their smallest to their largest number.
     *
     * @return the configuration
     */
    public static QConfig minMax() {
        return defaults().withActivation(() -> new MinMaxObserver(ObserverOptions.affine(DataType.U8)));
    }

    /**
     * PyTorch's default for post-training quantization, with the reserve that its kernels need.
     *
     * @param engine PyTorch's name of the engine: fbgemm, x86, onednn or qnnpack
     * @return the configuration
     * @throws IllegalArgumentException if PyTorch has no such engine
     */
    public static QConfig pytorch(String engine) {
        ObserverOptions whole = ObserverOptions.affine(DataType.U8);
        ObserverOptions weight = ObserverOptions.symmetric(DataType.S8);
        return switch (engine) {
            case "fbgemm", "x86" -> histogram(whole.withReducedRange()).withWeightPerChannel(weight);
            case "onednn" -> histogram(whole).withWeightPerChannel(weight);
            case "qnnpack" -> histogram(whole).withWeightPerTensor(weight);
            case null, default -> throw new IllegalArgumentException("engine = " + engine
                    + ": must be fbgemm, x86, onednn or qnnpack");
        };
    }

    private static QConfig histogram(ObserverOptions options) {
        return new QConfig(() -> new HistogramObserver(options), axis -> new MinMaxObserver(options, axis));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.DataType;

/** The configurations that go with the engines. */
public final class QConfigs {
    private QConfigs() {
    }

    /**
     * What jquant uses for an engine unless told otherwise: for activations all of u8 over all numbers but one in a
     * hundred thousand, for weights {@link ObserverOptions#weights} per output channel. The same for every engine of
     * jquant: none saturates, none needs fewer integers.
     *
     * <p>PyTorch's histogram observer, the default there, counts every zero as half a step off, although zero is exact
     * at any scale. Where most numbers are zeros, as behind a Relu, it thus cuts off up to a fifth of the range;
     * outputs of a MobileNet are 2 to 6 dB nearer to their float ones without that.
     *
     * @return the configuration
     */
    public static QConfig defaults() {
        return histogram().withActivation(() -> new PercentileObserver(ObserverOptions.affine(DataType.U8)));
    }

    /**
     * The range of activations that PyTorch's search in a histogram finds.
     *
     * @return the configuration
     */
    public static QConfig histogram() {
        return histogram(ObserverOptions.affine(DataType.U8)).withWeightPerChannel(ObserverOptions.weights());
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

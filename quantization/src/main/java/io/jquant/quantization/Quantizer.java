// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.graph.Model;
import io.jquant.graph.Tensor;
import java.util.Map;

/** From a float model to an int8 one in one call. */
public final class Quantizer {
    private Quantizer() {
    }

    /**
     * Quantizes the weights and the activations of a model, the latter with parameters found from data.
     *
     * @param model the float model
     * @param calibration batches of its inputs, by name
     * @param options how to quantize it
     * @return the model with QuantizeLinear and DequantizeLinear
     * @throws IllegalArgumentException if the model cannot be quantized, or a batch is not one of its inputs
     * @throws IllegalStateException if there is no calibration data
     */
    public static Model staticQuantize(Model model, Iterable<Map<String, Tensor>> calibration,
            StaticOptions options) {
        StaticQuantizer quantizer = StaticQuantizer.prepare(model, options);
        calibration.forEach(quantizer::calibrate);
        return quantizer.convert();
    }
}

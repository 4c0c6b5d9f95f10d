// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.graph.Model;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
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
        List<Map<String, Tensor>> first = new ArrayList<>();
        for (Map<String, Tensor> batch : calibration) {
            quantizer.calibrate(batch);
            if (options.biasCorrected() && samples(first) < StaticQuantizer.CORRECTION_SAMPLES) {
                first.add(batch);
            }
        }
        Model quantized = quantizer.convert();
        return options.biasCorrected() ? quantizer.correctBias(quantized, first) : quantized;
    }

    private static int samples(List<Map<String, Tensor>> batches) {
        return batches.stream().flatMap(b -> b.values().stream().limit(1))
                .mapToInt(t -> t.rank() == 0 ? 1 : t.dim(0)).sum();
    }

    /**
     * Quantizes the weights of a model; its activations are quantized as they come. No data is needed.
     *
     * @param model the float model
     * @return the model, for engine fbgemm, with jquant's defaults
     * @throws IllegalArgumentException if the model cannot be quantized
     */
    public static Model dynamicQuantize(Model model) {
        return dynamicQuantize(model, DynamicOptions.forEngine("fbgemm"));
    }

    /**
     * Quantizes the weights of a model; its activations are quantized as they come. No data is needed.
     *
     * @param model the float model, of opset 13 or newer
     * @param options how to quantize it
     * @return the model with DynamicQuantizeMatMul and DynamicQuantizeLSTM of domain com.microsoft, and tables of
     *         integers
     * @throws IllegalArgumentException if an argument is null, the opset older, or there is nothing to quantize
     */
    public static Model dynamicQuantize(Model model, DynamicOptions options) {
        if (model == null || options == null) {
            throw new IllegalArgumentException("model = " + model + ", options = " + options + ": must be given");
        }
        return DynamicQuantizer.quantize(model, options);
    }
}

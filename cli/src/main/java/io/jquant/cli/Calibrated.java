// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.graph.Model;
import io.jquant.graph.lowering.LoweredModel;
import io.jquant.graph.lowering.ModelRunner;
import io.jquant.quantization.Calibration;
import io.jquant.quantization.StaticOptions;
import io.jquant.quantization.StaticQuantizer;
import java.io.IOException;
import java.nio.file.Path;

/** Float models, with what a calibration file says of them. */
final class Calibrated {
    private Calibrated() {
    }

    /** Reads a float model; one that is int8 already is wrong usage. */
    static Model readFloat(Path file) throws IOException {
        Model model = ModelRunner.read(file);
        if (LoweredModel.isQuantized(model)) {
            throw new UsageException(file + ": is an int8 model already: must be the float model");
        }
        return model;
    }

    /** A model that is ready to be converted. */
    static StaticQuantizer load(Model model, Path calibration, StaticOptions options) throws IOException {
        StaticQuantizer quantizer = StaticQuantizer.prepare(model, options);
        try {
            quantizer.restore(Calibration.load(calibration));
        } catch (IllegalArgumentException e) {
            throw new IOException(calibration + ": is not for this model and these options: " + e.getMessage(), e);
        }
        return quantizer;
    }
}

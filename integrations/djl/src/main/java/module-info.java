// SPDX-License-Identifier: Apache-2.0

/** An engine for the Deep Java Library that runs and quantizes ONNX models. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // DJL has no descriptor
module io.jquant.djl {
    requires transitive ai.djl.api;
    requires transitive io.jquant.quantization;

    exports io.jquant.djl;

    provides ai.djl.engine.EngineProvider with io.jquant.djl.JquantEngineProvider;
}

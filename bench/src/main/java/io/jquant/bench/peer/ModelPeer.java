// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.peer;

import io.jquant.bench.measure.Subject;
import io.jquant.graph.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A library that runs whole ONNX models. Found by the {@link java.util.ServiceLoader}. */
public interface ModelPeer {
    /** {@return the name in reports} */
    String name();

    /**
     * Loads a model.
     *
     * @param file an ONNX file
     * @param threads how many may work on one call
     * @return the model
     * @throws IOException if it cannot be loaded
     */
    Loaded load(Path file, int threads) throws IOException;

    /** A model that is loaded. */
    interface Loaded extends AutoCloseable {
        /**
         * The model on given inputs.
         *
         * @param inputs a tensor for every input, by name
         * @return the call; its output is that of the model's first output
         */
        Subject on(Map<String, Tensor> inputs);

        @Override
        void close();
    }
}

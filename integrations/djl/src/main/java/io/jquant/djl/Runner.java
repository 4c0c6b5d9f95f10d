// SPDX-License-Identifier: Apache-2.0
package io.jquant.djl;

import io.jquant.Engine;
import io.jquant.graph.Model;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.lowering.ModelRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A prepared model, and the ONNX model that it was made of. */
final class Runner implements AutoCloseable {
    /** Null as long as nobody wants that of a packed file. */
    private volatile Model model;
    private final Path packed;
    private final ModelRunner prepared;

    private Runner(Model model, Path packed, ModelRunner prepared) {
        this.model = model;
        this.packed = packed;
        this.prepared = prepared;
    }

    static Runner of(Model model, Engine engine) {
        return new Runner(model, null, ModelRunner.of(model, engine));
    }

    /** A packed model; the ONNX model in its file is read when somebody wants it. */
    static Runner packed(Path file, Engine engine) throws IOException {
        return new Runner(null, file, ModelRunner.open(file, engine));
    }

    Model model() {
        Model read = model;
        if (read == null) {
            try {
                read = ModelRunner.read(packed);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            model = read;
        }
        return read;
    }

    List<ValueInfo> inputs() {
        return prepared.inputs();
    }

    List<ValueInfo> outputs() {
        return prepared.outputs();
    }

    Map<String, Tensor> run(Map<String, Tensor> inputs) {
        return prepared.run(inputs);
    }

    @Override
    public void close() {
        prepared.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.djl;

import io.jquant.Engine;
import io.jquant.graph.Model;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.exec.Executor;
import io.jquant.graph.lowering.LoweredModel;
import io.jquant.graph.lowering.PackedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A model that is ready to run: its quantized parts on an engine, the rest by ONNX's definition. */
final class Runner implements AutoCloseable {
    /** Null as long as nobody wants that of a packed file. */
    private volatile Model model;
    private final Path packed;
    private final LoweredModel lowered;
    private final Executor executor;

    private Runner(Model model, Path packed, LoweredModel lowered, Executor executor) {
        this.model = model;
        this.packed = packed;
        this.lowered = lowered;
        this.executor = executor;
    }

    static Runner of(Model model, Engine engine) {
        return LoweredModel.isQuantized(model) ? new Runner(model, null, LoweredModel.lower(model, engine), null)
                : new Runner(model, null, null, Executor.plan(model));
    }

    /** A packed model; the ONNX model in its file is read when somebody wants it. */
    static Runner packed(Path file, Engine engine) throws IOException {
        return new Runner(null, file, PackedModel.load(file, engine), null);
    }

    Model model() {
        Model read = model;
        if (read == null) {
            try {
                read = PackedModel.describe(packed).model();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            model = read;
        }
        return read;
    }

    List<ValueInfo> inputs() {
        return lowered == null ? executor.inputs() : lowered.inputs();
    }

    List<ValueInfo> outputs() {
        return lowered == null ? executor.outputs() : lowered.outputs();
    }

    Map<String, Tensor> run(Map<String, Tensor> inputs) {
        return lowered == null ? executor.run(inputs) : lowered.run(inputs);
    }

    @Override
    public void close() {
        if (lowered != null) {
            lowered.close();
        }
    }
}

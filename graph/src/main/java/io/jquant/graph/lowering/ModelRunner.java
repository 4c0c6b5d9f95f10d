// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.Engine;
import io.jquant.graph.Model;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.exec.Executor;
import io.jquant.graph.onnx.OnnxReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A model that is ready to run: its quantized parts on an engine, the rest by ONNX's definition. May be run from many
 * threads at a time; it must not be closed, nor its engine, while one is running.
 */
public final class ModelRunner implements AutoCloseable {
    private final LoweredModel lowered;
    private final Executor executor;

    private ModelRunner(LoweredModel lowered, Executor executor) {
        this.lowered = lowered;
        this.executor = executor;
    }

    /**
     * Reads a model and prepares it.
     *
     * @param file an ONNX file, or a packed model
     * @param engine what runs its quantized parts
     * @return the model
     * @throws IOException if it cannot be read
     */
    public static ModelRunner open(Path file, Engine engine) throws IOException {
        return PackedModel.isPacked(file) ? new ModelRunner(PackedModel.load(file, engine), null)
                : of(OnnxReader.read(file), engine);
    }

    /**
     * Reads the ONNX model that a file is or has in it.
     *
     * @param file an ONNX file, or a packed model
     * @return the model
     * @throws IOException if it cannot be read
     */
    public static Model read(Path file) throws IOException {
        return PackedModel.isPacked(file) ? PackedModel.describe(file).model() : OnnxReader.read(file);
    }

    /**
     * Prepares a model.
     *
     * @param model what to run
     * @param engine what runs its quantized parts
     * @return the model, prepared
     */
    public static ModelRunner of(Model model, Engine engine) {
        return LoweredModel.isQuantized(model) ? new ModelRunner(LoweredModel.lower(model, engine), null)
                : new ModelRunner(null, Executor.plan(model));
    }

    /** {@return its inputs} */
    public List<ValueInfo> inputs() {
        return lowered == null ? executor.inputs() : lowered.inputs();
    }

    /** {@return its outputs} */
    public List<ValueInfo> outputs() {
        return lowered == null ? executor.outputs() : lowered.outputs();
    }

    /**
     * Runs the model.
     *
     * @param inputs a tensor for every input, by name
     * @return the outputs, by name
     */
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
        return lowered == null ? executor.run(inputs) : lowered.run(inputs);
    }

    /**
     * Runs the model and says how long each step took; nothing of one that is not quantized.
     *
     * @param inputs a tensor for every input, by name
     * @return the steps in their order
     */
    public List<StepTime> profile(Map<String, Tensor> inputs) {
        return lowered == null ? List.of() : lowered.profile(inputs);
    }

    @Override
    public void close() {
        if (lowered != null) {
            lowered.close();
        }
    }
}

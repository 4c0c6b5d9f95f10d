// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.jquant.DataType;
import io.jquant.graph.Model;
import io.jquant.graph.Tensor;
import io.jquant.graph.onnx.OnnxWriter;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model in ONNX Runtime. */
final class OnnxRuntime implements AutoCloseable {
    private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

    private final OrtSession session;

    OnnxRuntime(Model model, Path folder) throws IOException, OrtException {
        Path file = Files.createTempFile(folder, "model", ".onnx");
        OnnxWriter.write(model, file);
        try (var options = exactOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            session = ENVIRONMENT.createSession(file.toString(), options);
        }
    }

    /** Options that keep sums exact on CPUs without VNNI, where ONNX Runtime else saturates 16-bit sums of two. */
    static OrtSession.SessionOptions exactOptions() throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.addConfigEntry("session.x64quantprecision", "1");
        return options;
    }

    /** The float outputs. */
    Map<String, Tensor> run(Map<String, Tensor> values) {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            for (Map.Entry<String, Tensor> value : values.entrySet()) {
                inputs.put(value.getKey(), tensor(value.getValue()));
            }
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            try (OrtSession.Result result = session.run(inputs)) {
                result.forEach(entry -> outputs.put(entry.getKey(), tensor((OnnxTensor) entry.getValue())));
            }
            return outputs;
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor tensor(Tensor value) throws OrtException {
        return value.type() == DataType.S64
                ? OnnxTensor.createTensor(ENVIRONMENT, LongBuffer.wrap(value.toLongs()), value.shape())
                : OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(value.toFloats()), value.shape());
    }

    private static Tensor tensor(OnnxTensor value) {
        FloatBuffer buffer = value.getFloatBuffer();
        float[] floats = new float[buffer.remaining()];
        buffer.get(floats);
        return Tensor.of(floats, value.getInfo().getShape());
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.djl;

import ai.djl.BaseModel;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.TranslateException;
import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.OperatorFormatException;
import io.jquant.graph.Model;
import io.jquant.graph.ModelFormatException;
import io.jquant.graph.OperatorException;
import io.jquant.graph.Tensor;
import io.jquant.graph.exec.Limits;
import io.jquant.graph.lowering.PackedModel;
import io.jquant.graph.onnx.OnnxReader;
import io.jquant.graph.onnx.OnnxWriter;
import io.jquant.quantization.DynamicOptions;
import io.jquant.quantization.Quantizer;
import io.jquant.quantization.StaticOptions;
import io.jquant.quantization.StaticQuantizer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An ONNX model, float or quantized with QuantizeLinear and DequantizeLinear, or one in jquant's packed form
 * ({@code .jqp}, which the command {@code jquant pack} writes), which is mapped and not packed again. Which of jquant's
 * engines it runs on is what the system properties say; options of {@code load} say otherwise: {@code engine}, a name,
 * and {@code threads}, a number. Closing the model frees it, its predictors then refuse to predict.
 */
public final class JquantModel extends BaseModel {
    private static final String SUFFIX = ".onnx";
    private static final String PACKED_SUFFIX = ".jqp";

    /** Makes a model ready to run on an engine. */
    private interface Preparation {
        Runner on(Engine engine) throws IOException;
    }

    private Engine engine;
    private JquantSymbolBlock symbols;

    JquantModel(String name, NDManager manager) {
        super(name);
        this.manager = manager;
        dataType = DataType.FLOAT32;
    }

    @Override
    public void load(Path modelPath, String prefix, Map<String, ?> options)
            throws IOException, MalformedModelException {
        setModelDir(modelPath);
        Path file = find(modelPath, prefix == null ? modelName : prefix);
        try {
            if (PackedModel.isPacked(file)) {
                start(opened -> Runner.packed(file, opened), options);
            } else {
                Model read = OnnxReader.read(file);
                start(opened -> Runner.of(read, opened), options);
            }
        } catch (ModelFormatException | OperatorFormatException | OperatorException e) {
            throw new MalformedModelException(file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void load(InputStream stream, Map<String, ?> options) throws IOException, MalformedModelException {
        try {
            Model read = OnnxReader.read(stream.readAllBytes(), modelName, null, Limits.DEFAULT);
            start(opened -> Runner.of(read, opened), options);
        } catch (ModelFormatException | OperatorException e) {
            throw new MalformedModelException(modelName + ": " + e.getMessage(), e);
        }
    }

    private static Path find(Path path, String name) throws IOException {
        if (Files.isRegularFile(path)) {
            return path;
        }
        for (String file : List.of(name, name + SUFFIX, name + PACKED_SUFFIX, path.getFileName() + SUFFIX)) {
            if (Files.isRegularFile(path.resolve(file))) {
                return path.resolve(file);
            }
        }
        try (Stream<Path> files = Files.list(path)) {
            List<Path> models = files.filter(file -> file.toString().endsWith(SUFFIX)
                    || file.toString().endsWith(PACKED_SUFFIX)).toList();
            if (models.size() == 1) {
                return models.getFirst();
            }
            throw new FileNotFoundException(path + ": must have " + name + SUFFIX + ", or one " + SUFFIX + " or "
                    + PACKED_SUFFIX + " file; has " + models);
        }
    }

    private void start(Preparation preparation, Map<String, ?> options) throws IOException {
        if (wasLoaded) {
            throw new IllegalStateException("the model is loaded already");
        }
        engine = Engine.open(engineOptions(options));
        manager.attachInternal(NDManager.nextUid(), engine);
        symbols = new JquantSymbolBlock(preparation.on(engine));
        manager.attachInternal(NDManager.nextUid(), symbols);
        setBlock(symbols);
        wasLoaded = true;
    }

    private static EngineOptions engineOptions(Map<String, ?> options) {
        EngineOptions chosen = EngineOptions.fromProperties();
        Object name = options == null ? null : options.get("engine");
        Object threads = options == null ? null : options.get("threads");
        chosen = name == null ? chosen : chosen.withEngine(name.toString());
        return threads == null ? chosen : chosen.withThreads(number(threads.toString()));
    }

    private static int number(String threads) {
        try {
            return Integer.parseInt(threads);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("threads = " + threads + ": must be a number", e);
        }
    }

    /**
     * Quantizes weights to int8 and activations as they come, without data: matrix products, recurrent cells,
     * embeddings. Predictors that exist run the result from now on.
     *
     * @throws IllegalArgumentException if there is nothing of it in the model
     * @throws IllegalStateException if nothing is loaded
     */
    @Override
    public void quantize() {
        Model quantized = Quantizer.dynamicQuantize(loaded().runner().model(), DynamicOptions.forEngine(engine.name()));
        symbols.replace(Runner.of(quantized, engine));
    }

    /**
     * Quantizes weights and activations to int8, the latter with parameters found from data. Predictors that exist run
     * the result from now on.
     *
     * @param samples batches of the model's inputs; arrays of any engine
     * @throws IllegalArgumentException if the model cannot be quantized, or a batch is not one of its inputs
     * @throws IllegalStateException if nothing is loaded, or there is no batch
     */
    public void quantize(Iterable<NDList> samples) {
        StaticQuantizer quantizer = quantizer();
        samples.forEach(sample -> quantizer.calibrate(tensors(sample)));
        quantized(quantizer);
    }

    /**
     * Quantizes weights and activations to int8, the latter with parameters found from a dataset's data.
     *
     * @param dataset the data; its batches are the model's inputs
     * @throws IOException if the data cannot be read
     * @throws TranslateException if the data cannot be made arrays
     * @throws IllegalArgumentException if the model cannot be quantized, or a batch is not one of its inputs
     * @throws IllegalStateException if nothing is loaded, or there is no batch
     */
    public void quantize(Dataset dataset) throws IOException, TranslateException {
        StaticQuantizer quantizer = quantizer();
        for (Batch batch : dataset.getData(manager)) {
            try (batch) {
                quantizer.calibrate(tensors(batch.getData()));
            }
        }
        quantized(quantizer);
    }

    private StaticQuantizer quantizer() {
        return StaticQuantizer.prepare(loaded().runner().model(), StaticOptions.forEngine(engine.name()));
    }

    private Map<String, Tensor> tensors(NDList sample) {
        return JquantSymbolBlock.tensors(loaded().runner().inputs(), sample);
    }

    private void quantized(StaticQuantizer quantizer) {
        symbols.replace(Runner.of(quantizer.convert(), engine));
    }

    private JquantSymbolBlock loaded() {
        if (symbols == null) {
            throw new IllegalStateException("nothing is loaded: there is no model to quantize");
        }
        return symbols;
    }

    /** Writes the model as it is now, quantized or not, to {@code newModelName.onnx}. */
    @Override
    public void save(Path modelPath, String newModelName) throws IOException {
        Files.createDirectories(modelPath);
        String name = newModelName == null || newModelName.isEmpty() ? modelName : newModelName;
        OnnxWriter.write(loaded().runner().model(), modelPath.resolve(name + SUFFIX));
        modelDir = modelPath.toAbsolutePath();
    }
}

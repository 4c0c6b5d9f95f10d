// SPDX-License-Identifier: Apache-2.0
package io.jquant.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import io.jquant.graph.lowering.PackedModel;
import io.jquant.graph.onnx.OnnxReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine as a program that uses DJL sees it. */
class DjlTest {
    private static final String NAME = "resnet8-cifar10";

    @TempDir
    private Path folder;

    private static Model resnet() throws IOException, MalformedModelException {
        Model model = Model.newInstance(NAME, "jquant");
        model.load(ImageData.FOLDER);
        return model;
    }

    private static List<float[]> logits(Model model, List<float[]> images) throws TranslateException {
        try (Predictor<float[], float[]> predictor = model.newPredictor(new ImageData.LogitsTranslator())) {
            List<float[]> logits = new ArrayList<>();
            for (int at = 0; at < images.size(); at += 100) {
                logits.addAll(predictor.batchPredict(images.subList(at, Math.min(at + 100, images.size()))));
            }
            return logits;
        }
    }

    @Test
    void isFoundAndNeverTakesOver() {
        assertTrue(Engine.getAllEngines().contains("jquant"));
        Engine engine = Engine.getEngine("jquant");
        assertEquals("jquant", engine.getEngineName());
        assertTrue(engine.getRank() > 10, "DJL's own engines have ranks up to 10, the lowest is the default");
        assertTrue(engine.getDevices().length >= 1);
    }

    @Test
    void quantizesFromADataset() throws Exception {
        List<float[]> images = ImageData.images("cifar10-lossless-test1017.bin");
        List<float[]> calibration = ImageData.images("cifar10-lossless-calibration.bin");
        try (Model model = resnet(); NDManager manager = model.getNDManager().newSubManager()) {
            assertEquals(new Shape(-1, 3, 32, 32), model.describeInput().get("input"));
            List<float[]> exact = logits(model, images);
            float[] all = new float[calibration.size() * ImageData.PIXELS];
            for (int i = 0; i < calibration.size(); i++) {
                System.arraycopy(calibration.get(i), 0, all, i * ImageData.PIXELS, ImageData.PIXELS);
            }
            ArrayDataset dataset = new ArrayDataset.Builder()
                    .setData(manager.create(all, new Shape(calibration.size(), 3, 32, 32)))
                    .setSampling(64, false).build();
            ((JquantModel) model).quantize(dataset);
            List<float[]> quantized = logits(model, images);
            assertTrue(ImageData.agreement(exact, quantized) >= 0.97,
                    () -> "agreement " + ImageData.agreement(exact, quantized));
            assertTrue(ImageData.relativeRms(exact, quantized) <= 0.039,
                    () -> "relative RMS " + ImageData.relativeRms(exact, quantized));
            model.save(folder, "int8");
            try (Model saved = Model.newInstance("int8", "jquant")) {
                saved.load(folder);
                List<float[]> first = images.subList(0, 10);
                for (int i = 0; i < first.size(); i++) {
                    assertArrayEquals(quantized.get(i), logits(saved, first).get(i));
                }
            }
        }
    }

    @Test
    void loadsPackedModels() throws Exception {
        List<float[]> images = ImageData.images("cifar10-lossless-test1017.bin").subList(0, 20);
        try (Model model = resnet()) {
            ((JquantModel) model).quantize(List.of(new NDList(model.getNDManager().create(
                    images.getFirst(), new Shape(1, 3, 32, 32)))));
            List<float[]> expected = logits(model, images);
            model.save(folder, "onnx");
            Path packed = folder.resolve("packed.jqp");
            try (io.jquant.Engine engine = io.jquant.Engine.open()) {
                PackedModel.write(OnnxReader.read(folder.resolve("onnx.onnx")), engine, packed);
            }
            try (Model loaded = Model.newInstance("packed", "jquant")) {
                loaded.load(folder);
                assertEquals(new Shape(-1, 3, 32, 32), loaded.describeInput().get("input"));
                List<float[]> found = logits(loaded, images);
                for (int i = 0; i < images.size(); i++) {
                    assertArrayEquals(expected.get(i), found.get(i));
                }
                loaded.save(folder, "again");
            }
            assertArrayEquals(Files.readAllBytes(folder.resolve("onnx.onnx")),
                    Files.readAllBytes(folder.resolve("again.onnx")));
            byte[] cut = Files.readAllBytes(packed);
            Files.write(packed, Arrays.copyOf(cut, cut.length / 2));
            try (Model broken = Model.newInstance("packed", "jquant")) {
                assertThrows(MalformedModelException.class, () -> broken.load(folder));
            }
        }
    }

    @Test
    void quantizesWithoutData() throws Exception {
        List<float[]> images = ImageData.images("cifar10-lossless-test1017.bin").subList(0, 200);
        try (Model model = resnet()) {
            List<float[]> exact = logits(model, images);
            model.quantize();
            List<float[]> quantized = logits(model, images);
            double error = ImageData.relativeRms(exact, quantized);
            assertTrue(error > 0 && error < 0.02, () -> "relative RMS " + error);
        }
    }

    @Test
    void aBatchGivesWhatSinglesGive() throws Exception {
        List<float[]> images = ImageData.images("cifar10-lossless-test1017.bin").subList(0, 7);
        try (Model model = resnet();
                Predictor<float[], float[]> predictor = model.newPredictor(new ImageData.LogitsTranslator())) {
            List<float[]> batch = predictor.batchPredict(images);
            for (int i = 0; i < images.size(); i++) {
                assertArrayEquals(predictor.predict(images.get(i)), batch.get(i), 1e-4f);
            }
        }
    }

    @Test
    void loadsStreamsAndSaysWhatItCannotLoad() throws Exception {
        try (Model model = Model.newInstance("stream", "jquant");
                InputStream stream = Files.newInputStream(ImageData.FOLDER.resolve(NAME + ".onnx"))) {
            model.load(stream, Map.of("engine", "portable", "threads", "1"));
            assertEquals("output", model.describeOutput().get(0).getKey());
        }
        Files.write(folder.resolve("bad.onnx"), new byte[] {1, 2, 3});
        try (Model model = Model.newInstance("bad", "jquant")) {
            assertThrows(MalformedModelException.class, () -> model.load(folder));
        }
        try (Model model = Model.newInstance("missing", "jquant")) {
            Path empty = Files.createDirectory(folder.resolve("empty"));
            assertThrows(FileNotFoundException.class, () -> model.load(empty));
            assertThrows(IllegalStateException.class, () -> ((JquantModel) model).quantize(List.of()));
        }
    }

    @Test
    void predictorsOfAClosedModelRefuse() throws Exception {
        float[] image = ImageData.images("cifar10-lossless-test1017.bin").getFirst();
        Model model = resnet();
        Predictor<float[], float[]> predictor = model.newPredictor(new ImageData.LogitsTranslator());
        assertEquals(10, predictor.predict(image).length);
        model.close();
        model.close();
        assertThrows(Exception.class, () -> predictor.predict(image));
        predictor.close();
    }

    @Test
    void manyThreadsPredictAtOnce() throws Exception {
        List<float[]> images = ImageData.images("cifar10-lossless-test1017.bin").subList(0, 40);
        try (Model model = resnet(); ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<float[]> expected = logits(model, images);
            List<Future<List<float[]>>> results = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                results.add(threads.submit(() -> logits(model, images)));
            }
            for (Future<List<float[]>> result : results) {
                for (int i = 0; i < images.size(); i++) {
                    assertArrayEquals(expected.get(i), result.get().get(i));
                }
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    @Test
    void outputsLiveAsLongAsTheirManager() throws Exception {
        try (Model model = resnet(); Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator())) {
            NDArray kept;
            try (NDManager manager = model.getNDManager().newSubManager()) {
                NDArray input = manager.zeros(new Shape(2, 3, 32, 32));
                kept = predictor.predict(new NDList(input)).singletonOrThrow();
                assertInstanceOf(JquantNDArray.class, kept);
                assertEquals(new Shape(2, 10), kept.getShape());
                assertEquals(20, kept.toFloatArray().length);
            }
            assertThrows(IllegalStateException.class, kept::toFloatArray);
        }
    }

    @Test
    void arraysHaveWhatPredictingNeeds() {
        try (NDManager manager = NDManager.newBaseManager("jquant")) {
            NDArray array = manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3));
            assertEquals(new Shape(3, 2), array.reshape(3, -1).getShape());
            assertEquals(new Shape(1, 2, 3), array.expandDims(0).getShape());
            assertEquals(new Shape(2, 3), array.expandDims(0).squeeze(0).getShape());
            assertArrayEquals(new long[] {2, 2}, array.argMax(1).toLongArray());
            assertEquals(5, array.argMax().getLong());
            assertArrayEquals(new int[] {1, 2, 3, 4, 5, 6}, array.toType(DataType.INT32, false).toIntArray());
            float[] soft = array.softmax(-1).toFloatArray();
            assertEquals(1, soft[0] + soft[1] + soft[2], 1e-6);
            assertArrayEquals(new float[] {2, 5}, array.get(":, 1").toFloatArray());
            assertArrayEquals(new float[] {4, 6}, array.get("1, ::2").toFloatArray());
            NDList parts = array.split(2);
            assertArrayEquals(new float[] {4, 5, 6}, parts.get(1).toFloatArray());
            float[] source = {7, 8};
            NDArray copied = manager.create(source);
            source[0] = 0;
            assertArrayEquals(new float[] {7, 8}, copied.toFloatArray());
            assertThrows(UnsupportedOperationException.class, () -> array.norm());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.djl;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import io.jquant.graph.Tensor;
import io.jquant.graph.npy.NpzReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Accuracy of int8, and latency of a model, batch 1, in DJL's engines side by side:
 * {@code DjlBenchmark resnet|lstm FOLDER SECONDS}, in the profile djl-peers. The folder has the ONNX models, the
 * TorchScript models that {@code src/test/python/torchscript.py} makes, and the sequences. One thread an engine:
 * {@code -Dai.djl.pytorch.num_threads=1}; and {@code -Xss64m}, for ONNX Runtime, when it is loaded, recurses as deep as
 * the command line is long.
 */
public final class DjlBenchmark {
    private DjlBenchmark() {
    }

    private record Entry(String name, Model model, Predictor<NDList, NDList> predictor, NDList input,
            List<Double> times) {
    }

    /**
     * Runs it.
     *
     * @param arguments which model, where the files are, for how long
     * @throws Exception if a model cannot be loaded or run
     */
    public static void main(String[] arguments) throws Exception {
        boolean images = arguments[0].equals("resnet");
        Path folder = Path.of(arguments[1]);
        double seconds = Double.parseDouble(arguments[2]);
        String name = images ? "resnet8-cifar10" : "lstm-snippets";
        List<Entry> entries = new ArrayList<>();
        entries.add(entry("jquant float", "jquant", folder, name, images));
        entries.add(entry("jquant int8", "jquant", folder, name, images));
        quantize((JquantModel) entries.getLast().model(), images);
        accuracy(entries, folder, images);
        entries.add(entry("OnnxRuntime float", "OnnxRuntime", folder, name, images));
        entries.add(entry("PyTorch float", "PyTorch", folder, name, images));
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < end) {
            for (Entry entry : entries) {
                measure(entry);
            }
        }
        Entry peer = entries.get(2);
        float[] reference = peer.predictor().predict(peer.input()).singletonOrThrow().toFloatArray();
        for (Entry entry : entries) {
            double[] times = entry.times().stream().mapToDouble(t -> t).sorted().toArray();
            float[] output = entry.predictor().predict(entry.input()).singletonOrThrow().toFloatArray();
            System.out.printf(Locale.ROOT, "%-18s median %8.1f us   largest difference from OnnxRuntime %.4f%n",
                    entry.name(), times[times.length / 2], difference(output, reference));
            entry.predictor().close();
            entry.model().close();
        }
    }

    /** What the last entry predicts beside what the first does, on all images or sequences. */
    private static void accuracy(List<Entry> entries, Path folder, boolean images)
            throws IOException, TranslateException {
        List<float[]> exact = new ArrayList<>();
        List<float[]> approximate = new ArrayList<>();
        NDManager manager = entries.getFirst().model().getNDManager();
        for (NDList input : images ? images(manager) : sequences(manager, folder)) {
            exact.add(entries.getFirst().predictor().predict(input).singletonOrThrow().toFloatArray());
            approximate.add(entries.getLast().predictor().predict(input).singletonOrThrow().toFloatArray());
        }
        System.out.printf(Locale.ROOT, "%d inputs: int8 agrees with float on %.2f%%, relative RMS error %.4f%n",
                exact.size(), 100 * ImageData.agreement(exact, approximate),
                ImageData.relativeRms(exact, approximate));
    }

    private static List<NDList> images(NDManager manager) throws IOException {
        return ImageData.images("cifar10-lossless-test1017.bin").stream()
                .map(pixels -> new NDList(manager.create(pixels, new Shape(1, 3, 32, 32)))).toList();
    }

    private static List<NDList> sequences(NDManager manager, Path folder) throws IOException {
        long[] all = NpzReader.read(folder.resolve("snippets-test2000.npz")).get("tokens").longs();
        return IntStream.range(0, all.length / 128).mapToObj(i -> new NDList(
                manager.create(Arrays.copyOfRange(all, i * 128, (i + 1) * 128), new Shape(1, 128)))).toList();
    }

    private static double difference(float[] one, float[] other) {
        double largest = 0;
        for (int i = 0; i < one.length; i++) {
            largest = Math.max(largest, Math.abs(one[i] - other[i]));
        }
        return largest;
    }

    private static void measure(Entry entry) throws TranslateException {
        for (int i = 0; i < 20; i++) {
            long start = System.nanoTime();
            try (NDList output = entry.predictor().predict(entry.input())) {
                output.singletonOrThrow().toFloatArray();
            }
            entry.times().add((System.nanoTime() - start) / 1e3);
        }
    }

    private static Entry entry(String label, String engine, Path folder, String name, boolean images)
            throws IOException, MalformedModelException {
        Model model = Model.newInstance(name, engine);
        Map<String, String> options = switch (engine) {
            case "jquant" -> Map.of("threads", "1");
            case "OnnxRuntime" -> Map.of("intraOpNumThreads", "1", "interOpNumThreads", "1");
            default -> Map.of();
        };
        model.load(folder, name, options);
        NDManager manager = model.getNDManager();
        NDList input = images ? new NDList(manager.create(image(), new Shape(1, 3, 32, 32)))
                : new NDList(manager.create(tokens(folder), new Shape(1, 128)));
        return new Entry(label, model, model.newPredictor(new NoopTranslator()), input, new ArrayList<>());
    }

    private static void quantize(JquantModel model, boolean images) throws IOException {
        if (!images) {
            model.quantize();
            return;
        }
        List<NDList> samples = new ArrayList<>();
        for (float[] pixels : ImageData.images("cifar10-lossless-calibration.bin")) {
            samples.add(new NDList(model.getNDManager().create(pixels, new Shape(1, 3, 32, 32))));
        }
        model.quantize(samples);
    }

    private static float[] image() throws IOException {
        return ImageData.images("cifar10-lossless-test1017.bin").getFirst();
    }

    private static long[] tokens(Path folder) throws IOException {
        Tensor all = NpzReader.read(folder.resolve("snippets-test2000.npz")).get("tokens");
        return Arrays.copyOf(all.longs(), 128);
    }
}

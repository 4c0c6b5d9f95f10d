// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.graph.Model;
import io.jquant.graph.Tensor;
import io.jquant.graph.onnx.OnnxReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The demo's model and images. */
public final class Cifar {
    /** Where they are. */
    public static final Path DATA = Path.of("..", "demo", "data");
    private static final int PIXELS = 3072;

    private Cifar() {
    }

    /** The float model. */
    public static Model resnet8() throws IOException {
        return OnnxReader.read(DATA.resolve("resnet8-cifar10.onnx"));
    }

    /** Batches of raw pixels as floats. */
    public static List<Map<String, Tensor>> batches(String file, int size) throws IOException {
        byte[] bytes = Files.readAllBytes(DATA.resolve(file));
        int images = bytes.length / (PIXELS + 1);
        List<Map<String, Tensor>> batches = new ArrayList<>();
        for (int first = 0; first < images; first += size) {
            int count = Math.min(size, images - first);
            float[] pixels = new float[count * PIXELS];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = bytes[(first + i / PIXELS) * (PIXELS + 1) + 1 + i % PIXELS] & 0xFF;
            }
            batches.add(Map.of("input", Tensor.of(pixels, count, 3, 32, 32)));
        }
        return batches;
    }

    static List<Map<String, Tensor>> calibration() throws IOException {
        return batches("cifar10-lossless-calibration.bin", 64);
    }

    static List<Map<String, Tensor>> test() throws IOException {
        return batches("cifar10-lossless-test1017.bin", 64);
    }

    /** How near logits are to others. */
    record Comparison(double agreement, double relativeRms) {
        static Comparison of(float[] exact, float[] approximate, int classes) {
            double error = 0;
            double power = 0;
            for (int i = 0; i < exact.length; i++) {
                double difference = (double) approximate[i] - exact[i];
                error += difference * difference;
                power += (double) exact[i] * exact[i];
            }
            int rows = exact.length / classes;
            int same = 0;
            for (int row = 0; row < rows; row++) {
                same += argmax(exact, row * classes, classes) == argmax(approximate, row * classes, classes) ? 1 : 0;
            }
            return new Comparison((double) same / rows, Math.sqrt(error / power));
        }

        private static int argmax(float[] values, int from, int length) {
            int best = 0;
            for (int i = 1; i < length; i++) {
                best = values[from + i] > values[from + best] ? i : best;
            }
            return best;
        }
    }

    /** The outputs of all batches, one after another. */
    static float[] logits(List<Map<String, Tensor>> batches, UnaryOperator<Map<String, Tensor>> run) {
        List<float[]> all = batches.stream().map(b -> run.apply(b).values().iterator().next().toFloats()).toList();
        float[] logits = new float[all.stream().mapToInt(a -> a.length).sum()];
        int at = 0;
        for (float[] part : all) {
            System.arraycopy(part, 0, logits, at, part.length);
            at += part.length;
        }
        return logits;
    }
}

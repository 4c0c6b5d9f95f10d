// SPDX-License-Identifier: Apache-2.0
package io.jquant.lucene;

import io.jquant.graph.Model;
import io.jquant.graph.Tensor;
import io.jquant.graph.exec.Executor;
import io.jquant.graph.onnx.OnnxReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Real vectors of 768 dimensions: what the demo's ResNet-8 makes of CIFAR-10 images in the middle (32 channels of
 * 16 x 16), in windows of 4 x 6 places; less their mean, brought to length 1. Windows of an image overlap, so that near
 * neighbours exist. Always the same ones.
 */
final class ImageVectors {
    static final int DIMENSION = 768;

    private static final Path DATA = Path.of(System.getProperty("jquant.demo.data", "../../demo/data"));
    private static final int PIXELS = 3072;
    private static final int CHANNELS = 32;
    private static final int SIDE = 16;
    private static final int HEIGHT = 4;
    private static final int WIDTH = 6;
    private static final int WINDOWS = (SIDE - HEIGHT + 1) * (SIDE - WIDTH + 1);
    /** Coprime to the number of windows: every window comes once. */
    private static final long STRIDE = 104_729;

    private ImageVectors() {
    }

    /** Vectors, no two the same window. */
    static float[][] floats(int count) throws IOException {
        List<float[]> maps = new ArrayList<>();
        Model model = OnnxReader.read(DATA.resolve("resnet8-cifar10.onnx"));
        Executor executor = Executor.plan(model);
        for (String file : List.of("cifar10-lossless-calibration.bin", "cifar10-lossless-test1017.bin")) {
            maps(executor, Files.readAllBytes(DATA.resolve(file)), maps);
        }
        long windows = (long) maps.size() * WINDOWS;
        if (count > windows) {
            throw new IllegalArgumentException("count = " + count + ": must be at most " + windows);
        }
        float[][] vectors = new float[count][];
        for (int i = 0; i < count; i++) {
            int window = (int) (i * STRIDE % windows);
            vectors[i] = window(maps.get(window / WINDOWS), window % WINDOWS);
        }
        normalize(vectors);
        return vectors;
    }

    /** The same as s8: 127 stands for four times the root mean square of an element. */
    static byte[][] bytes(float[][] vectors) {
        float scale = (float) (127 * Math.sqrt(DIMENSION) / 4);
        byte[][] bytes = new byte[vectors.length][DIMENSION];
        for (int i = 0; i < vectors.length; i++) {
            for (int j = 0; j < DIMENSION; j++) {
                bytes[i][j] = (byte) Math.clamp(Math.rint(vectors[i][j] * scale), -127, 127);
            }
        }
        return bytes;
    }

    private static void maps(Executor executor, byte[] images, List<float[]> maps) {
        for (int at = 0; at < images.length; at += PIXELS + 1) {
            float[] pixels = new float[PIXELS];
            for (int i = 0; i < PIXELS; i++) {
                pixels[i] = images[at + 1 + i] & 0xFF;
            }
            float[][] last = new float[1][];
            executor.run(Map.of("input", Tensor.of(pixels, 1, 3, 32, 32)), (name, value) -> {
                if (value.rank() == 4 && value.dim(1) == CHANNELS && value.dim(2) == SIDE) {
                    last[0] = value.toFloats().clone();
                }
            });
            maps.add(last[0]);
        }
    }

    private static float[] window(float[] map, int window) {
        int y = window / (SIDE - WIDTH + 1);
        int x = window % (SIDE - WIDTH + 1);
        float[] vector = new float[DIMENSION];
        int at = 0;
        for (int channel = 0; channel < CHANNELS; channel++) {
            for (int row = 0; row < HEIGHT; row++) {
                System.arraycopy(map, (channel * SIDE + y + row) * SIDE + x, vector, at, WIDTH);
                at += WIDTH;
            }
        }
        return vector;
    }

    private static void normalize(float[][] vectors) {
        double[] mean = new double[DIMENSION];
        for (float[] vector : vectors) {
            for (int j = 0; j < DIMENSION; j++) {
                mean[j] += vector[j] / (double) vectors.length;
            }
        }
        for (float[] vector : vectors) {
            double power = 0;
            for (int j = 0; j < DIMENSION; j++) {
                vector[j] -= (float) mean[j];
                power += (double) vector[j] * vector[j];
            }
            float factor = (float) (1 / Math.sqrt(Math.max(power, 1e-12)));
            for (int j = 0; j < DIMENSION; j++) {
                vector[j] *= factor;
            }
        }
    }
}

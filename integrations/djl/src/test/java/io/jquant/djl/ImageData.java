// SPDX-License-Identifier: Apache-2.0
package io.jquant.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The demo's images, and a translator as a program that uses DJL would write it. */
final class ImageData {
    static final Path FOLDER = Path.of("..", "..", "demo", "data");
    static final int PIXELS = 3 * 32 * 32;

    private ImageData() {
    }

    /** Pixels of every image. */
    static List<float[]> images(String file) throws IOException {
        byte[] bytes = Files.readAllBytes(FOLDER.resolve(file));
        List<float[]> images = new ArrayList<>();
        for (int at = 1; at < bytes.length; at += PIXELS + 1) {
            float[] pixels = new float[PIXELS];
            for (int i = 0; i < PIXELS; i++) {
                pixels[i] = bytes[at + i] & 0xFF;
            }
            images.add(pixels);
        }
        return images;
    }

    /** From pixels to logits, batches made and taken apart by DJL. */
    static final class LogitsTranslator implements Translator<float[], float[]> {
        @Override
        public NDList processInput(TranslatorContext context, float[] pixels) {
            NDManager manager = context.getNDManager();
            return new NDList(manager.create(pixels, new Shape(3, 32, 32)));
        }

        @Override
        public float[] processOutput(TranslatorContext context, NDList list) {
            NDArray logits = list.singletonOrThrow();
            return logits.toFloatArray();
        }

        @Override
        public Batchifier getBatchifier() {
            return Batchifier.STACK;
        }
    }

    static int argMax(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    /** How far logits are from others: the root mean square of differences over that of the others. */
    static double relativeRms(List<float[]> exact, List<float[]> approximate) {
        double error = 0;
        double power = 0;
        for (int i = 0; i < exact.size(); i++) {
            for (int j = 0; j < exact.get(i).length; j++) {
                double difference = (double) approximate.get(i)[j] - exact.get(i)[j];
                error += difference * difference;
                power += (double) exact.get(i)[j] * exact.get(i)[j];
            }
        }
        return Math.sqrt(error / power);
    }

    static double agreement(List<float[]> exact, List<float[]> approximate) {
        int same = 0;
        for (int i = 0; i < exact.size(); i++) {
            same += argMax(exact.get(i)) == argMax(approximate.get(i)) ? 1 : 0;
        }
        return (double) same / exact.size();
    }
}

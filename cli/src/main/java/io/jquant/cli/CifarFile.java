// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** CIFAR-10's binary format: a byte for the class, then 32x32 red, green and blue values, for each image. */
final class CifarFile implements DataSet {
    private static final int SIDE = 32;
    private static final int IMAGE = 3 * SIDE * SIDE;
    private static final int RECORD = 1 + IMAGE;
    private static final int CLASSES = 10;

    private final byte[] bytes;
    private final ValueInfo input;
    private final Preprocessing preprocessing;

    private CifarFile(byte[] bytes, ValueInfo input, Preprocessing preprocessing) {
        this.bytes = bytes;
        this.input = input;
        this.preprocessing = preprocessing;
    }

    static CifarFile open(Path path, ValueInfo input, Preprocessing preprocessing) throws IOException {
        long size = Files.size(path);
        if (size == 0 || size % RECORD != 0 || size > Integer.MAX_VALUE - 8) {
            throw new IOException(path + ": " + size + " bytes: CIFAR-10 files have a multiple of " + RECORD
                    + " bytes, up to 2 GiB");
        }
        byte[] bytes = Files.readAllBytes(path);
        for (int i = 0; i < bytes.length; i += RECORD) {
            if (bytes[i] < 0 || bytes[i] >= CLASSES) {
                throw new IOException(path + ": image " + i / RECORD + " has class " + (bytes[i] & 0xff)
                        + ": must be 0 to 9; is this a CIFAR-10 file?");
            }
        }
        for (int wanted : preprocessing.wantedSize(input)) {
            if (wanted != 0 && wanted != SIDE) {
                throw new IOException(path + ": CIFAR-10 images are 32x32, and input " + input.name() + " is "
                        + input.shape());
            }
        }
        return new CifarFile(bytes, input, preprocessing);
    }

    @Override
    public int size() {
        return bytes.length / RECORD;
    }

    @Override
    public int label(int sample) {
        return bytes[sample * RECORD];
    }

    @Override
    public Map<String, Tensor> batch(int from, int count) {
        byte[][] images = new byte[count][];
        for (int i = 0; i < count; i++) {
            int at = (from + i) * RECORD + 1;
            images[i] = Arrays.copyOfRange(bytes, at, at + IMAGE);
        }
        return Map.of(input.name(), preprocessing.tensor(images, SIDE, SIDE));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.graph.Model;
import io.jquant.graph.Tensor;
import io.jquant.graph.npy.NpzReader;
import io.jquant.graph.onnx.OnnxReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The byte-level language classifiers and their labelled sequences. */
final class Sequences {
    static final Path DATA = Path.of("..", "graph", "src", "test", "resources", "models");
    static final int CLASSES = 10;
    private static final int LENGTH = 128;

    private Sequences() {
    }

    static Model model(String name) throws IOException {
        return OnnxReader.read(DATA.resolve(name + "-snippets.onnx"));
    }

    /** The float logits of the first sequences. */
    static float[] logits(String name, int count) throws IOException {
        float[] all = NpzReader.read(DATA.resolve(name + "-snippets-float-logits.npz")).values().iterator().next()
                .toFloats();
        return Arrays.copyOf(all, count * CLASSES);
    }

    /** The first sequences, so many at once. */
    static List<Map<String, Tensor>> batches(int count, int size) throws IOException {
        Map<String, Tensor> arrays = NpzReader.read(DATA.resolve("snippets-test2000.npz"));
        Tensor tokens = arrays.values().stream().filter(t -> t.rank() == 2).findFirst().orElseThrow();
        long[] all = tokens.toLongs();
        List<Map<String, Tensor>> batches = new ArrayList<>();
        for (int from = 0; from < count; from += size) {
            int rows = Math.min(size, count - from);
            batches.add(Map.of("tokens", Tensor.of(Arrays.copyOfRange(all, from * LENGTH, (from + rows) * LENGTH), rows,
                    LENGTH)));
        }
        return batches;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.graph.exec.Executor;
import io.jquant.graph.exec.Limits;
import io.jquant.graph.onnx.OnnxReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Archives of small models with their inputs and outputs, laid out as ONNX's node tests are. */
final class NodeCases {
    private static final double RELATIVE = 1e-3;
    private static final double ABSOLUTE = 1e-7;

    private NodeCases() {}

    /** Files by path, by case. */
    static Map<String, Map<String, byte[]>> read(String resource) throws IOException {
        Map<String, Map<String, byte[]>> cases = new TreeMap<>();
        try (InputStream in = NodeCases.class.getResourceAsStream(resource);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                int slash = entry.getName().indexOf('/');
                if (!entry.isDirectory() && slash > 0) {
                    cases.computeIfAbsent(entry.getName().substring(0, slash), k -> new TreeMap<>())
                            .put(entry.getName().substring(slash + 1), zip.readAllBytes());
                }
            }
        }
        return cases;
    }

    /**
     * Runs a case and compares its outputs: floats as ONNX's runner does, with an absolute tolerance of at least its,
     * integers exactly.
     */
    static void run(String name, Map<String, byte[]> files, double absolute) throws IOException {
        Model model = OnnxReader.read(files.get("model.onnx"), name, null, Limits.DEFAULT);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        for (int i = 0; i < model.graph().inputs().size(); i++) {
            inputs.put(model.graph().inputs().get(i).name(), tensor(files, "input_" + i));
        }
        Map<String, Tensor> outputs = Executor.plan(model).run(inputs);
        for (int i = 0; i < model.graph().outputs().size(); i++) {
            String output = model.graph().outputs().get(i).name();
            compare(tensor(files, "output_" + i), outputs.get(output), output, Math.max(absolute, ABSOLUTE));
        }
    }

    private static Tensor tensor(Map<String, byte[]> files, String file) throws IOException {
        return OnnxReader.readTensor(files.get("test_data_set_0/" + file + ".pb"), file);
    }

    private static void compare(Tensor expected, Tensor actual, String output, double absolute) {
        assertEquals(expected.type(), actual.type(), output);
        assertArrayEquals(expected.shape(), actual.shape(), output);
        for (int i = 0; i < expected.count(); i++) {
            if (!expected.type().isFloating()) {
                assertEquals(expected.getLong(i), actual.getLong(i), output + "[" + i + "]");
                continue;
            }
            double wanted = expected.getDouble(i);
            double got = actual.getDouble(i);
            boolean close = Double.compare(wanted, got) == 0 || wanted == got
                    || Math.abs(wanted - got) <= absolute + RELATIVE * Math.abs(wanted);
            assertTrue(close, () -> output + ": expected " + wanted + ", got " + got);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.jquant.graph.exec.Executor;
import io.jquant.graph.exec.Limits;
import io.jquant.graph.onnx.OnnxReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** ONNX's own node tests, each run on its own, with the tolerances of ONNX's runner. */
class ConformanceTest {
    private static final int CASES = 638;
    private static final double RELATIVE = 1e-3;
    private static final double ABSOLUTE = 1e-7;
    private static final String STRINGS = "values are strings: there is no string tensor here";
    private static final String SEQUENCE = "values are sequences or optionals: graphs here pass tensors only";

    /** Cases that are not run, with the reason. */
    private static final Map<String, String> NOT_RUN = Map.of(
            "test_equal_string", STRINGS,
            "test_equal_string_broadcast", STRINGS,
            "test_identity_opt", SEQUENCE,
            "test_identity_sequence", SEQUENCE,
            "test_split_to_sequence_1", SEQUENCE,
            "test_split_to_sequence_2", SEQUENCE,
            "test_split_to_sequence_nokeepdims", SEQUENCE);

    private static int run;

    private static Map<String, Map<String, byte[]>> cases() throws IOException {
        Map<String, Map<String, byte[]>> cases = new TreeMap<>();
        try (InputStream in = ConformanceTest.class.getResourceAsStream("/onnx-node.zip");
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

    @Test
    void countsEveryCase() throws IOException {
        Map<String, Map<String, byte[]>> cases = cases();
        assertEquals(CASES, cases.size());
        assertTrue(cases.keySet().containsAll(NOT_RUN.keySet()));
    }

    @TestFactory
    Stream<DynamicTest> nodeTests() throws IOException {
        return cases().entrySet().stream().map(e -> dynamicTest(e.getKey(), () -> runCase(e.getKey(), e.getValue())));
    }

    @AfterAll
    static void reportsCount() {
        assertEquals(CASES - NOT_RUN.size(), run, "node tests that passed");
    }

    private static void runCase(String name, Map<String, byte[]> files) throws IOException {
        Assumptions.assumeFalse(NOT_RUN.containsKey(name), () -> NOT_RUN.get(name));
        Model model = OnnxReader.read(files.get("model.onnx"), name, null, Limits.DEFAULT);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        for (int i = 0; i < model.graph().inputs().size(); i++) {
            inputs.put(model.graph().inputs().get(i).name(), tensor(files, "input_" + i));
        }
        Map<String, Tensor> outputs = Executor.plan(model).run(inputs);
        for (int i = 0; i < model.graph().outputs().size(); i++) {
            String output = model.graph().outputs().get(i).name();
            assertClose(tensor(files, "output_" + i), outputs.get(output), output);
        }
        run++;
    }

    private static Tensor tensor(Map<String, byte[]> files, String file) throws IOException {
        return OnnxReader.readTensor(files.get("test_data_set_0/" + file + ".pb"), file);
    }

    private static void assertClose(Tensor expected, Tensor actual, String output) {
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
                    || Math.abs(wanted - got) <= ABSOLUTE + RELATIVE * Math.abs(wanted);
            assertTrue(close, () -> output + ": expected " + wanted + ", got " + got);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** ONNX's own node tests, each run on its own, with the tolerances of ONNX's runner. */
class ConformanceTest {
    private static final int CASES = 638;
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

    @Test
    void countsEveryCase() throws IOException {
        Map<String, Map<String, byte[]>> cases = NodeCases.read("/onnx-node.zip");
        assertEquals(CASES, cases.size());
        assertTrue(cases.keySet().containsAll(NOT_RUN.keySet()));
    }

    @TestFactory
    Stream<DynamicTest> nodeTests() throws IOException {
        return NodeCases.read("/onnx-node.zip").entrySet().stream()
                .map(e -> dynamicTest(e.getKey(), () -> runCase(e.getKey(), e.getValue())));
    }

    @AfterAll
    static void reportsCount() {
        assertEquals(CASES - NOT_RUN.size(), run, "node tests that passed");
    }

    private static void runCase(String name, Map<String, byte[]> files) throws IOException {
        Assumptions.assumeFalse(NOT_RUN.containsKey(name), () -> NOT_RUN.get(name));
        NodeCases.run(name, files, 0);
        run++;
    }
}

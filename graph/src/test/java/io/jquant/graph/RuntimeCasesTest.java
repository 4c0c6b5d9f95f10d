// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What ONNX's node tests leave out, against ONNX Runtime's results (golden/graph/make_runtime_cases.py). */
class RuntimeCasesTest {
    /** Sums of floats of some size, in another order. */
    private static final double ABSOLUTE = 1e-5;

    @TestFactory
    Stream<DynamicTest> runtimeCases() throws IOException {
        Map<String, Map<String, byte[]>> cases = NodeCases.read("/runtime-cases.zip");
        assertEquals(98, cases.size());
        return cases.entrySet().stream().map(e -> dynamicTest(e.getKey(),
                () -> NodeCases.run(e.getKey(), e.getValue(), ABSOLUTE)));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jquant.graph.Node;
import java.util.List;
import java.util.Map;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;

class QConfigMappingTest {
    private static final QConfig USUAL = QConfigs.defaults();
    private static final QConfig OTHER = QConfigs.minMax();
    private static final QConfig THIRD = QConfigs.pytorch("qnnpack");

    private static Node node(String opType, String name) {
        return new Node(opType, "", name, List.of("x"), List.of("out"), Map.of());
    }

    @Test
    void aNameGoesBeforeAPatternAndThatBeforeAType() {
        QConfigMapping mapping = QConfigMapping.none().withName("a1", OTHER).withPattern("a\\d", THIRD)
                .withType("Conv", null);
        assertSame(OTHER, mapping.configure(node("Conv", "a1"), USUAL));
        assertSame(THIRD, mapping.configure(node("Conv", "a2"), USUAL));
        assertNull(mapping.configure(node("Conv", "b"), USUAL));
        assertSame(USUAL, mapping.configure(node("Gemm", "b"), USUAL));
        assertSame(USUAL, mapping.configure(node("Gemm", "xa2"), USUAL));
    }

    @Test
    void theLaterOfTwoHolds() {
        QConfigMapping mapping = QConfigMapping.none().withType("Conv", null).withType("Conv", OTHER);
        assertSame(OTHER, mapping.configure(node("Conv", "b"), USUAL));
    }

    @Test
    void aNodeWithoutANameHasThatOfItsOutput() {
        assertNull(QConfigMapping.none().withName("out", null).configure(node("Conv", ""), USUAL));
    }

    @Test
    void wrongRulesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> QConfigMapping.none().withName(null, null));
        assertThrows(PatternSyntaxException.class, () -> QConfigMapping.none().withPattern("(", null));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeTest {
    private static final Map<String, Attribute> ATTRIBUTES = Map.of("int", Attribute.of(1), "float", Attribute.of(1f),
            "string", Attribute.of("a"), "tensor", Attribute.of(Tensor.scalar(1)), "ints", Attribute.ofInts(1),
            "floats", new Attribute.Reals(List.of(1f)), "strings", new Attribute.Texts(List.of("a")));
    private static final Node NODE = new Node("Foo", List.of("x"), List.of("y"), ATTRIBUTES);

    @Test
    void attributesOfEveryKindAreFoundByTheirClass() {
        ATTRIBUTES.forEach((key, value) -> {
            assertEquals(value, NODE.attribute(key, value.getClass()));
            assertEquals(value.kind(), Attribute.Kind.of(value.getClass()));
        });
    }

    @Test
    void attributesOfAnotherKindAreRefusedInTheWordsOfOnnx() {
        assertEquals("Foo (node '' -> y): attribute int is of kind INT: must be FLOAT",
                assertThrows(OperatorException.class, () -> NODE.floatAttribute("int", 0)).getMessage());
        assertEquals("Foo (node '' -> y): attribute float is of kind FLOAT: must be INTS",
                assertThrows(OperatorException.class, () -> NODE.intsAttribute("float")).getMessage());
    }

    @Test
    void whatIsMissingIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Attribute.of((String) null));
        assertThrows(IllegalArgumentException.class, () -> Attribute.of((Tensor) null));
        assertThrows(IllegalArgumentException.class, () -> Dim.symbol(""));
        assertThrows(IllegalArgumentException.class, () -> Dim.symbol(null));
        assertThrows(IllegalArgumentException.class, () -> new Model(8, Map.of(), "", "", Map.of(), null));
    }
}

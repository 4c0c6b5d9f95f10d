// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.DataType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphBuilderTest {
    private static ValueInfo value(String name) {
        return new ValueInfo(name, DataType.F32, Shape.of(2));
    }

    private static Node node(String type, String in, String out) {
        return new Node(type, List.of(in), List.of(out), Map.of());
    }

    private static GraphBuilder chain() {
        GraphBuilder builder = new GraphBuilder().name("chain").input(value("x")).output(value("z"));
        builder.add(node("Relu", "y", "z"));
        builder.add(node("Neg", "x", "y"));
        return builder;
    }

    private static List<String> types(Graph graph) {
        return graph.nodes().stream().map(Node::opType).toList();
    }

    @Test
    void sortsNodes() {
        assertEquals(List.of("Neg", "Relu"), types(chain().build()));
    }

    @Test
    void insertsBehindAValue() {
        GraphBuilder builder = chain();
        String scale = builder.addInitializer("y_scale", Tensor.scalar(0.5f));
        Node inserted = builder.insertAfter("y", "QuantizeLinear", "", List.of(scale), Map.of());
        Graph graph = builder.build();
        assertEquals(List.of("Neg", "QuantizeLinear", "Relu"), types(graph));
        assertEquals(List.of("y", "y_scale"), inserted.inputs());
        assertEquals(inserted.output(0), graph.producer("z").input(0));
    }

    @Test
    void insertsBehindAnOutputAndKeepsItsName() {
        GraphBuilder builder = chain();
        builder.insertAfter("z", "Neg", "", List.of(), Map.of());
        Graph graph = builder.build();
        assertEquals(List.of("Neg", "Relu", "Neg"), types(graph));
        assertEquals("z", graph.nodes().getLast().output(0));
        assertEquals("z", graph.outputs().getFirst().name());
    }

    @Test
    void insertsBehindAnInput() {
        GraphBuilder builder = chain();
        builder.insertAfter("x", "Relu", "", List.of(), Map.of());
        assertEquals(List.of("Relu", "Neg", "Relu"), types(builder.build()));
    }

    @Test
    void prunesWhatNothingNeeds() {
        GraphBuilder builder = chain();
        builder.addInitializer("unused", Tensor.scalar(1));
        builder.add(node("Exp", "x", "lost"));
        Graph graph = builder.prune().build();
        assertEquals(List.of("Neg", "Relu"), types(graph));
        assertTrue(graph.initializers().isEmpty());
    }

    @Test
    void givesFreshNames() {
        GraphBuilder builder = chain();
        assertEquals("y_1", builder.freshName("y"));
        assertEquals("y_2", builder.freshName("y"));
        assertEquals("new", builder.addInitializer("new", Tensor.scalar(1)));
        assertNotNull(builder.initializer("new"));
    }

    @Test
    void refusesCyclesAndDoubles() {
        GraphBuilder cycle = new GraphBuilder().output(value("a"));
        cycle.add(node("Neg", "b", "a"));
        cycle.add(node("Neg", "a", "b"));
        String message = assertThrows(IllegalArgumentException.class, cycle::build).getMessage();
        assertTrue(message.contains("depends on itself"), message);
        assertThrows(IllegalArgumentException.class, () -> chain().add(node("Exp", "x", "z")));
        GraphBuilder missing = new GraphBuilder().output(value("a"));
        missing.add(node("Neg", "nowhere", "a"));
        assertTrue(assertThrows(IllegalArgumentException.class, missing::build).getMessage().contains("nowhere"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Says how single nodes are quantized: by name, by a pattern of names, by operator type. The name of a node that has
 * none is that of its first output. A name goes before a pattern, a pattern before a type; of two of a kind the later
 * one holds. A configuration of null keeps nodes float. Immutable.
 */
public final class QConfigMapping implements StaticOptions.NodeConfig {
    /** What a rule goes by, the weakest first. */
    private enum Kind {
        TYPE, PATTERN, NAME
    }

    private record Rule(Kind kind, Predicate<Node> applies, QConfig config) {
    }

    private static final QConfigMapping NONE = new QConfigMapping(List.of());

    private final List<Rule> rules;

    private QConfigMapping(List<Rule> rules) {
        this.rules = rules;
    }

    /** {@return a mapping that leaves every node the configuration that it has} */
    public static QConfigMapping none() {
        return NONE;
    }

    /**
     * This mapping with a configuration for the node of a name.
     *
     * @param name the node's name
     * @param config the configuration, null to keep it float
     * @return the mapping
     */
    public QConfigMapping withName(String name, QConfig config) {
        require("name", name);
        return with(Kind.NAME, node -> nameOf(node).equals(name), config);
    }

    /**
     * This mapping with a configuration for the nodes whose whole name a regular expression matches.
     *
     * @param pattern the regular expression
     * @param config the configuration, null to keep them float
     * @return the mapping
     * @throws java.util.regex.PatternSyntaxException if it is none
     */
    public QConfigMapping withPattern(String pattern, QConfig config) {
        require("pattern", pattern);
        Pattern compiled = Pattern.compile(pattern);
        return with(Kind.PATTERN, node -> compiled.matcher(nameOf(node)).matches(), config);
    }

    /**
     * This mapping with a configuration for the nodes of an operator.
     *
     * @param opType the operator's name in domain ai.onnx
     * @param config the configuration, null to keep them float
     * @return the mapping
     */
    public QConfigMapping withType(String opType, QConfig config) {
        require("opType", opType);
        return with(Kind.TYPE, node -> node.is(opType), config);
    }

    private static void require(String what, String value) {
        if (value == null) {
            throw new IllegalArgumentException(what + " = null: must be given");
        }
    }

    private QConfigMapping with(Kind kind, Predicate<Node> applies, QConfig config) {
        List<Rule> all = new ArrayList<>(rules);
        all.add(new Rule(kind, applies, config));
        return new QConfigMapping(List.copyOf(all));
    }

    /**
     * The name by which rules know a node.
     *
     * @param node the node
     * @return its name, or that of its first output if it has none
     */
    public static String nameOf(Node node) {
        return node.name().isEmpty() ? node.output(0) : node.name();
    }

    @Override
    public QConfig configure(Node node, QConfig qconfig) {
        Rule strongest = null;
        for (Rule rule : rules) {
            boolean holds = strongest == null || rule.kind().compareTo(strongest.kind()) >= 0;
            if (holds && rule.applies().test(node)) {
                strongest = rule;
            }
        }
        return strongest == null ? qconfig : strongest.config();
    }
}

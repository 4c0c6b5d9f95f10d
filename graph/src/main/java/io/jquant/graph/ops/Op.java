// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import io.jquant.graph.Attribute;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * An operator of one operator-set version: what it takes, how its outputs' types follow, what it computes.
 *
 * @param domain the operator's domain, empty for ai.onnx
 * @param type the operator's name
 * @param since first operator-set version that this entry describes
 * @param inputs how many inputs
 * @param outputs how many outputs
 * @param attributes the attributes it may have
 * @param required those of the attributes that it must have
 * @param inference types and shapes of the outputs
 * @param kernel the computation; null where the output is the first input's elements in another shape
 */
public record Op(String domain, String type, int since, Arity inputs, Arity outputs,
        Map<String, Attribute.Kind> attributes, Set<String> required, Inference inference, Kernel kernel) {
    /** Types and shapes of outputs. */
    @FunctionalInterface
    public interface Inference {
        /**
         * Sets the outputs' types and shapes.
         *
         * @param c what is known of the inputs
         */
        void infer(InferContext c);
    }

    /** The computation. */
    @FunctionalInterface
    public interface Kernel {
        /**
         * Fills the outputs, which have been allocated in the shapes inferred.
         *
         * @param r inputs and outputs
         */
        void run(RunContext r);
    }

    /**
     * A range of counts.
     *
     * @param least the smallest
     * @param most the largest
     */
    public record Arity(int least, int most) {
        static Arity parse(String text) {
            int dash = text.indexOf('-');
            if (dash < 0) {
                int exactly = Integer.parseInt(text);
                return new Arity(exactly, exactly);
            }
            String most = text.substring(dash + 1);
            return new Arity(Integer.parseInt(text.substring(0, dash)),
                    most.equals("n") ? Integer.MAX_VALUE : Integer.parseInt(most));
        }

        /**
         * Whether a count is in the range.
         *
         * @param count the count
         * @return true if it is
         */
        public boolean admits(int count) {
            return count >= least && count <= most;
        }

        @Override
        public String toString() {
            return least == most ? "" + least : most == Integer.MAX_VALUE ? least + " or more" : least + " to " + most;
        }
    }

    /**
     * An entry of domain ai.onnx.
     *
     * @param type the operator's name
     * @param since first version
     * @param inputs for example {@code 2}, {@code 1-3}, {@code 1-n}
     * @param outputs likewise
     * @param attributes for example {@code "axis:i pads:I mode:s! "}: i int, f float, s string, t tensor, capitals for
     *        lists, ! for required
     * @param inference types and shapes of the outputs
     * @param kernel the computation
     * @return the entry
     */
    static Op onnx(String type, int since, String inputs, String outputs, String attributes, Inference inference,
            Kernel kernel) {
        return of("", type, since, inputs, outputs, attributes, inference, kernel);
    }

    /** As {@link #onnx} for domain com.microsoft, version 1. */
    static Op microsoft(String type, String inputs, String outputs, String attributes, Inference inference,
            Kernel kernel) {
        return of("com.microsoft", type, 1, inputs, outputs, attributes, inference, kernel);
    }

    private static Op of(String domain, String type, int since, String inputs, String outputs, String attributes,
            Inference inference, Kernel kernel) {
        Map<String, Attribute.Kind> kinds = new LinkedHashMap<>();
        Set<String> required = new HashSet<>();
        int from = 0;
        while (from < attributes.length()) {
            int space = attributes.indexOf(' ', from);
            int to = space < 0 ? attributes.length() : space;
            int colon = attributes.indexOf(':', from);
            String name = attributes.substring(from, colon);
            kinds.put(name, kind(attributes.charAt(colon + 1)));
            if (attributes.charAt(to - 1) == '!') {
                required.add(name);
            }
            from = to + 1;
        }
        return new Op(domain, type, since, Arity.parse(inputs), Arity.parse(outputs),
                Collections.unmodifiableMap(kinds), Set.copyOf(required), inference, kernel);
    }

    private static Attribute.Kind kind(char letter) {
        return switch (letter) {
            case 'i' -> Attribute.Kind.INT;
            case 'f' -> Attribute.Kind.FLOAT;
            case 's' -> Attribute.Kind.STRING;
            case 't' -> Attribute.Kind.TENSOR;
            case 'I' -> Attribute.Kind.INTS;
            case 'F' -> Attribute.Kind.FLOATS;
            case 'S' -> Attribute.Kind.STRINGS;
            default -> throw new IllegalArgumentException("letter = " + letter + ": must be one of i f s t I F S");
        };
    }
}

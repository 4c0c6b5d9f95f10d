// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import java.util.function.UnaryOperator;

/** Sizes of an operator's outputs. The last is remembered: most runs have the size of the one before. */
final class OutputExtents {
    private final UnaryOperator<Extent> compute;
    private volatile Pair last;

    private record Pair(Extent input, Extent output) {
    }

    OutputExtents(UnaryOperator<Extent> compute) {
        this.compute = compute;
    }

    Extent of(Extent input) {
        Pair known = last;
        if (known == null || !known.input.equals(input)) {
            known = new Pair(input, compute.apply(input));
            last = known;
        }
        return known.output;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.exec;

import io.jquant.DataType;
import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Checks what a caller gives a graph against what the graph declares. */
public final class InputCheck {
    private InputCheck() {}

    /**
     * Refuses values that are not the inputs that a graph declares.
     *
     * @param inputs the inputs that the graph declares
     * @param values the values by name
     * @throws IllegalArgumentException if one is missing, unknown, or of another type or shape
     */
    public static void check(List<ValueInfo> inputs, Map<String, Tensor> values) {
        Map<String, Long> symbols = new HashMap<>();
        for (ValueInfo input : inputs) {
            Tensor value = values.get(input.name());
            if (value == null) {
                throw new IllegalArgumentException("input '" + input.name() + "' is missing: must be "
                        + input.type() + input.shape() + "; given: " + values.keySet());
            }
            checkInput(input, input.type(), input.shape(), value, symbols);
        }
        if (values.size() == inputs.size()) {
            return;
        }
        for (String name : values.keySet()) {
            if (inputs.stream().noneMatch(i -> i.name().equals(name))) {
                throw new IllegalArgumentException("input '" + name + "' is unknown: must be one of "
                        + inputs.stream().map(ValueInfo::name).toList());
            }
        }
    }

    private static void checkInput(ValueInfo input, DataType type, Shape shape, Tensor value,
            Map<String, Long> symbols) {
        boolean fits = value.type() == type && (!shape.isRanked() || shape.rank() == value.rank());
        for (int i = 0; fits && i < shape.dims().size(); i++) {
            Dim dim = shape.dim(i);
            long size = value.dim(i);
            if (dim.isKnown()) {
                fits = dim.value() == size;
            } else if (!dim.symbol().isEmpty()) {
                Long bound = symbols.putIfAbsent(dim.symbol(), size);
                fits = bound == null || bound == size;
            }
        }
        if (!fits) {
            throw new IllegalArgumentException("input '" + input.name() + "' is " + value + ": must be " + type + shape
                    + (symbols.isEmpty() ? "" : " with " + symbols));
        }
    }
}

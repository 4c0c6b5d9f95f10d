// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Tensors of different parameters side by side on one axis, brought to the same parameters.
 *
 * @param inputs the inputs' parameters: per tensor, u8 or s8, at least one
 * @param output the output's parameters: per tensor, u8 or s8
 */
public record ConcatSpec(List<QuantizationParameters> inputs, QuantizationParameters output) {
    /**
     * Checks that the parts go together.
     *
     * @throws IllegalArgumentException if they do not
     */
    public ConcatSpec {
        inputs = Collections.unmodifiableList(new ArrayList<>(Require.notNull("inputs", inputs)));
        Require.positive("inputs.size", inputs.size());
        for (int i = 0; i < inputs.size(); i++) {
            UnarySpec.requirePerTensorBytes("inputs[" + i + "]", inputs.get(i));
        }
        UnarySpec.requirePerTensorBytes("output", output);
    }
}

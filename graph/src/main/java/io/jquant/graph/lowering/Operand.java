// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.QuantizationParameters;
import io.jquant.graph.Tensor;

/**
 * A real value that is known as a quantized one.
 *
 * @param tensor the quantized value's name
 * @param parameters how its integers stand for real numbers
 * @param constant the integers where they are known beforehand, or null
 */
record Operand(String tensor, QuantizationParameters parameters, Tensor constant) {
}

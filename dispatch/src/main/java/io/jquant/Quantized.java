// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import java.lang.foreign.MemorySegment;

/**
 * Real numbers as integers.
 *
 * @param parameters what the integers stand for
 * @param elements the integers, one byte each
 */
public record Quantized(QuantizationParameters parameters, MemorySegment elements) {
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.spi;

import java.lang.foreign.MemorySegment;

/**
 * Weights as a kernel has packed them, so that a kernel of the same engine, tier and instruction set may use them where
 * they lie.
 *
 * @param layout says what lies where, in words that no other layout has
 * @param memory the packed weights and whatever was computed of them, outside the heap, 64-byte aligned; only to be
 *        read
 */
public record PackedImage(String layout, MemorySegment memory) {
}

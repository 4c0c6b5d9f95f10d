// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

/**
 * How long a step of a lowered model took.
 *
 * @param step what it did, in words
 * @param nanoseconds how long
 */
public record StepTime(String step, long nanoseconds) {
}

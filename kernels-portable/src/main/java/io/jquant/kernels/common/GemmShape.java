// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

/**
 * What is known of a matrix product before it runs.
 *
 * @param depth terms of a sum
 * @param columns columns of the weights and of the output
 * @param constantWeights whether the weights are packed once for many runs, and not anew for every run
 */
public record GemmShape(int depth, int columns, boolean constantWeights) {
}

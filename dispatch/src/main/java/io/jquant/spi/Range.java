// SPDX-License-Identifier: Apache-2.0
package io.jquant.spi;

/**
 * A range of real numbers.
 *
 * @param min the smallest
 * @param max the largest
 */
public record Range(float min, float max) {
}

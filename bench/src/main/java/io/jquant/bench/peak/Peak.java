// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.peak;

import io.jquant.bench.measure.Subject;

/**
 * A ruler: work that keeps one part of the hardware as busy as it can be.
 *
 * @param name the name in reports, such as {@code vpdpbusd_512}
 * @param amount operations or bytes of one call
 * @param subject the work
 */
public record Peak(String name, double amount, Subject subject) implements AutoCloseable {
    @Override
    public void close() {
        subject.close();
    }
}

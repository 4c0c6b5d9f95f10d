// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.measure;

import java.util.List;

/**
 * What one subject took.
 *
 * @param rounds nanoseconds of a call, a round each
 * @param steady whether its warm-up came to rest in time
 */
public record Timing(List<Double> rounds, boolean steady) {
    private static final double LOW = 0.1;
    private static final double HIGH = 0.9;

    /** Copies the rounds. */
    public Timing {
        rounds = List.copyOf(rounds);
    }

    /** {@return nanoseconds of a call in the middle round} */
    public double median() {
        return Statistics.median(rounds);
    }

    /** {@return nanoseconds below which a tenth of the rounds lies} */
    public double low() {
        return Statistics.quantile(rounds, LOW);
    }

    /** {@return nanoseconds above which a tenth of the rounds lies} */
    public double high() {
        return Statistics.quantile(rounds, HIGH);
    }
}

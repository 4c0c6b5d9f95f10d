// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.measure;

import java.util.concurrent.TimeUnit;

/**
 * How long is measured.
 *
 * @param batchNanos how long one subject runs before the next takes its turn
 * @param rounds how many turns each takes
 * @param leastRounds how many turns a subject takes at least, however slow it is
 * @param warmUpNanos the most that the warm-up of one subject takes
 * @param leastWarmUpNanos the least that it takes once the JVM compiles no more
 */
public record Pace(long batchNanos, int rounds, int leastRounds, long warmUpNanos, long leastWarmUpNanos) {
    /** Figures to publish. */
    public static final Pace FULL = new Pace(millis(25), 21, 5, millis(4000), millis(400));
    /** The table in less than two minutes. */
    public static final Pace QUICK = new Pace(millis(10), 11, 3, millis(1200), millis(150));

    private static long millis(long number) {
        return TimeUnit.MILLISECONDS.toNanos(number);
    }
}

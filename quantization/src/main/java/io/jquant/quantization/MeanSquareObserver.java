// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.QuantizationParameters;

/**
 * Chooses the range in which the mean square of the quantization error is least, of ranges whose ends are hundredths
 * of the whole one: first one end and then the other, until neither moves.
 */
public final class MeanSquareObserver extends DistributionObserver {
    private static final int PARTS = 100;
    private static final int LEAST_PART = 20;
    private static final int MOST_ROUNDS = 4;

    /**
     * An observer.
     *
     * @param options over which integers the range is spread
     */
    public MeanSquareObserver(ObserverOptions options) {
        this(options, new ExactHistogram());
    }

    MeanSquareObserver(ObserverOptions options, ExactHistogram histogram) {
        super(options, histogram);
    }

    @Override
    Bounds choose(ExactHistogram seen) {
        double min = Math.min(seen.min(), 0);
        double max = Math.max(seen.max(), 0);
        if (options().symmetric()) {
            double magnitude = Math.max(-min, max);
            int part = bestPart(seen, p -> new Bounds(-magnitude * p / PARTS, magnitude * p / PARTS));
            return new Bounds(-magnitude * part / PARTS, magnitude * part / PARTS);
        }
        int low = PARTS;
        int high = PARTS;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            int fixedLow = low;
            int nextHigh = bestPart(seen, p -> new Bounds(min * fixedLow / PARTS, max * p / PARTS));
            int nextLow = bestPart(seen, p -> new Bounds(min * p / PARTS, max * nextHigh / PARTS));
            if (nextLow == low && nextHigh == high) {
                break;
            }
            low = nextLow;
            high = nextHigh;
        }
        return new Bounds(min * low / PARTS, max * high / PARTS);
    }

    /** A range by how large a part of the whole it is. */
    @FunctionalInterface
    private interface Candidates {
        Bounds at(int part);
    }

    private int bestPart(ExactHistogram seen, Candidates candidates) {
        int best = PARTS;
        double least = Double.POSITIVE_INFINITY;
        for (int part = PARTS; part >= LEAST_PART; part--) {
            double error = error(seen, candidates.at(part));
            if (error < least) {
                least = error;
                best = part;
            }
        }
        return best;
    }

    private double error(ExactHistogram seen, Bounds range) {
        QuantizationParameters p = options().parameters((float) range.min(), (float) range.max());
        double inverse = 1.0 / p.scale();
        double least = options().min() - p.zeroPoint();
        double most = options().max() - p.zeroPoint();
        double sum = 0;
        for (int bin = 0; bin < seen.bins(); bin++) {
            if (seen.count(bin) > 0) {
                double value = seen.center(bin);
                double error = Math.clamp(Math.rint(value * inverse), least, most) * p.scale() - value;
                sum += seen.count(bin) * error * error;
            }
        }
        return sum;
    }

    @Override
    public Observer copy() {
        return new MeanSquareObserver(options(), histogram().copy());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.measure;

import java.util.ArrayList;
import java.util.List;

/** Order statistics. */
public final class Statistics {
    private Statistics() {
    }

    /**
     * The value below which a part of the values lies, interpolated between neighbours.
     *
     * @param values at least one
     * @param part 0 for the smallest, 1 for the largest
     * @return the value
     * @throws IllegalArgumentException if there are none
     */
    public static double quantile(List<Double> values, double part) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("values = none: must be at least one");
        }
        List<Double> sorted = values.stream().sorted().toList();
        double at = part * (sorted.size() - 1);
        int below = (int) at;
        double rest = at - below;
        return rest == 0 ? sorted.get(below) : sorted.get(below) * (1 - rest) + sorted.get(below + 1) * rest;
    }

    /**
     * The middle value.
     *
     * @param values at least one
     * @return the median
     */
    public static double median(List<Double> values) {
        return quantile(values, 0.5);
    }

    /**
     * The median of what rounds in which both ran say of their ratio: what slows a whole round cancels.
     *
     * @param above the numerators, a round each
     * @param below the denominators
     * @return the ratio
     */
    public static double pairedRatio(List<Double> above, List<Double> below) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(above.size(), below.size()); i++) {
            ratios.add(above.get(i) / below.get(i));
        }
        return median(ratios);
    }

    /**
     * The geometric mean.
     *
     * @param values at least one, all above 0
     * @return the mean
     */
    public static double geometricMean(List<Double> values) {
        return Math.exp(values.stream().mapToDouble(Math::log).average().orElseThrow());
    }

    /**
     * Whether the last windows agree: the medians of the last three groups of windows lie close together.
     *
     * @param windows what each window took, the oldest first
     * @param group windows of a group
     * @param tolerance how far apart the medians may be, as a part of the smallest
     * @return whether they agree; false where there are too few
     */
    public static boolean areSteady(List<Double> windows, int group, double tolerance) {
        int size = windows.size();
        if (size < 3 * group) {
            return false;
        }
        double least = Double.MAX_VALUE;
        double most = 0;
        for (int i = 0; i < 3; i++) {
            double median = median(windows.subList(size - (i + 1) * group, size - i * group));
            least = Math.min(least, median);
            most = Math.max(most, median);
        }
        return most <= least * (1 + tolerance);
    }
}

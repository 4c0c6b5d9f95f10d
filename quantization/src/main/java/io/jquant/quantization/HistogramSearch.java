// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

/**
 * Narrows a histogram's range bin by bin from either end while the squared error of quantizing to it falls: PyTorch's
 * non-linear parameter search, in its precisions.
 */
final class HistogramSearch {
    private static final double STEP = 1e-5;

    private final float[] counts;
    private final float min;
    private final float max;
    private final int levels;
    private int start;
    private int end;

    /** Searches at once. */
    HistogramSearch(Histogram histogram, int levels) {
        this.counts = histogram.counts();
        this.min = histogram.min();
        this.max = histogram.max();
        this.levels = levels;
        this.end = counts.length - 1;
        search();
    }

    /** The lower end of the range found. */
    float min() {
        return min + (max - min) / counts.length * start;
    }

    /** The upper end of the range found. */
    float max() {
        return min + (max - min) / counts.length * (end + 1);
    }

    private void search() {
        float[] cumulated = cumulated();
        double total = cumulated[cumulated.length - 1];
        double alpha = 0;
        double beta = 1;
        double best = Double.POSITIVE_INFINITY;
        while (alpha < beta) {
            double nextAlpha = alpha + STEP;
            double nextBeta = beta - STEP;
            int left = start;
            while (left < end && cumulated[left] < (float) (nextAlpha * total)) {
                left++;
            }
            int right = end;
            while (right > start && cumulated[right] > (float) (nextBeta * total)) {
                right--;
            }
            boolean fromLeft = left - start > end - right;
            if (fromLeft) {
                alpha = nextAlpha;
            } else {
                beta = nextBeta;
            }
            int nextStart = fromLeft ? left : start;
            int nextEnd = fromLeft ? end : right;
            if (nextStart != start || nextEnd != end) {
                double error = error(nextStart, nextEnd);
                if (error > best) {
                    return;
                }
                best = error;
                start = nextStart;
                end = nextEnd;
            }
        }
    }

    private float[] cumulated() {
        float[] cumulated = new float[counts.length];
        double sum = 0;
        for (int i = 0; i < cumulated.length; i++) {
            sum += counts[i];
            cumulated[i] = (float) sum;
        }
        return cumulated;
    }

    /** The squared error of quantizing what is in the bins to a range from one of them to another. */
    private double error(int first, int last) {
        double width = ((double) max - min) / counts.length;
        double level = width * (last - first + 1) / levels;
        if (level == 0) {
            return 0;
        }
        float binWidth = (float) width;
        float step = (float) level;
        float half = (float) (level / 2);
        float middle = cubes(-half, half);
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            float begin = (i - first) * binWidth;
            float finish = begin + binWidth;
            float levelOfBegin = level(begin, step);
            float levelOfFinish = level(finish, step);
            float density = counts[i] / binWidth;
            float error = density * cubes(begin - (levelOfBegin + 0.5f) * step, half);
            error += (levelOfFinish - levelOfBegin - 1) * (density * middle);
            error += density * cubes(-half, finish - (levelOfFinish * step + half));
            sum += error;
        }
        return (float) sum;
    }

    private static float cubes(float from, float to) {
        return (to * to * to - from * from * from) / 3;
    }

    /** The floor of a quotient as PyTorch computes it, from the remainder. */
    private float level(float value, float step) {
        float remainder = value % step;
        float quotient = (value - remainder) / step;
        if (remainder != 0 && remainder < 0) {
            quotient -= 1;
        }
        float floor = (float) Math.floor(quotient);
        if (quotient - floor > 0.5f) {
            floor += 1;
        }
        return Math.clamp(floor, 0, levels - 1);
    }
}

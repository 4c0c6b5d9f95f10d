// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.suite;

import io.jquant.graph.Tensor;
import java.util.Arrays;

/** Adds up the differences of tensors. Not thread-safe. */
final class ErrorSum {
    private final Distribution exact = new Distribution();
    private final Distribution actual = new Distribution();
    private final Distribution error = new Distribution();
    private long count;
    private long unequal;
    private double power;
    private double actualPower;
    private double product;
    private double noise;
    private double maxError;

    /**
     * Takes a pair of tensors into account.
     *
     * @throws IllegalArgumentException if they are of different shapes
     */
    void add(String name, Tensor x, Tensor y) {
        if (!Arrays.equals(x.shape(), y.shape())) {
            throw new IllegalArgumentException("value '" + name + "' is " + y + " in the quantized model: must be " + x
                    + ", as in the float one");
        }
        for (int i = 0; i < x.count(); i++) {
            add(x.getDouble(i), y.getDouble(i));
        }
    }

    private void add(double x, double y) {
        if (!Double.isFinite(x) || !Double.isFinite(y)) {
            unequal += Double.compare(x, y) == 0 ? 0 : 1;
            return;
        }
        double difference = y - x;
        count++;
        power += x * x;
        actualPower += y * y;
        product += x * y;
        noise += difference * difference;
        maxError = Math.max(maxError, Math.abs(difference));
        exact.add(x);
        actual.add(y);
        error.add(difference);
    }

    TensorError result() {
        return new TensorError(count, unequal, power, actualPower, product, noise, maxError, exact.copy(),
                actual.copy(), error.copy());
    }
}

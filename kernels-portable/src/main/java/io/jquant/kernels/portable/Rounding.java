// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

/** From real numbers of steps to integers: the one way in which every operator rounds. */
public final class Rounding {
    private Rounding() {
    }

    /**
     * {@code clamp(rne(steps) + zeroPoint)}: ties to even, then the zero point, then the bounds.
     *
     * <p>What lies beyond int32 saturates and NaN becomes the zero point, on every path. (FBGEMM's and QNNPACK's vector
     * code turns both into the smallest integer, their scalar code leaves them undefined.)
     *
     * @param steps the real number, in steps of the output's scale
     * @param zeroPoint the output's zero point
     * @param min the smallest integer to return
     * @param max the largest integer to return
     * @return the integer
     */
    public static int toInteger(float steps, int zeroPoint, int min, int max) {
        return Math.clamp((long) (int) Math.rint(steps) + zeroPoint, min, max);
    }
}

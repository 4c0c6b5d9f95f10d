// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

/** From real numbers of steps to integers: the one way in which every operator rounds. */
public final class Rounding {
    private Rounding() {
    }

    /**
     * {@code clamp(rne(steps) + zeroPoint)}: ties to even, then the zero point, then the bounds.
     *
     * <p>What lies beyond the bounds saturates, infinities too, and NaN becomes the zero point, on every path.
     * (FBGEMM's and QNNPACK's vector code turns what lies beyond int32 and NaN into the smallest integer, their scalar
     * code leaves them undefined.)
     *
     * @param steps the real number, in steps of the output's scale
     * @param zeroPoint the output's zero point
     * @param min the smallest integer to return
     * @param max the largest integer to return
     * @return the integer
     */
    public static int toInteger(float steps, int zeroPoint, int min, int max) {
        // doubles hold the sum of an s32 and a zero point exactly; saturating before it would lose the zero point
        double sum = Float.isNaN(steps) ? zeroPoint : Math.rint(steps) + zeroPoint;
        return (int) Math.clamp(sum, min, max);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.DataType;

/**
 * What becomes of a raw sum, apart from the numbers that each column has of its own ({@link ColumnTerms}). With
 * {@code raw} the sum of the products of u8 rows and s8 weights as they lie there, all int32 operations wrapping:
 *
 * <pre>{@code
 * sum = raw + initial[j]  (- weightZeroPoint[j] * rowSum[i]  if weightZeroPoints)
 * s32:     sum
 * f32:     v = (float) sum * multiplier[j] + bias[j]; min(max(v, low), high)
 * f32 with rowScales:
 *          sum = raw + initial[j] - weightZeroPoint[j] * rowZeroPoint[i]
 *          v = (float) sum * (rowScale[i] * multiplier[j]) + bias[j]; min(max(v, low), high)
 * u8, s8:  t = ((float) sum + bias[j]) * multiplier[j]
 *          t = t + (float) (q - addend.zeroPoint) * addend.ratio  if there is an addend
 *          rne(min(max(t, low), high)) + zeroPoint
 * }</pre>
 *
 * <p>Every operation on floats is rounded once (no fused multiply-add). Bounds are applied before rounding, where they
 * give the same as after it because they are integers, and keep every conversion within int32. Where {@code low} or
 * {@code high} is a zero of the other sign than {@code v}, an f32 output is as {@link Math#max} and {@link Math#min}
 * have it; {@code v} itself is never -0: machine code that compares takes {@code maxps(low, v)} and
 * {@code minps(v, high)}.
 *
 * @param type u8, s8, f32 or s32
 * @param zeroPoint the output's zero point; 0 for f32 and s32
 * @param low lower bound, less the zero point
 * @param high upper bound, less the zero point
 * @param realBias whether columns have a bias in floats; otherwise it is 0 and need not be added
 * @param weightZeroPoints whether columns have zero points, so that sums of the rows are needed
 * @param addend the second tensor that is added; null for none
 * @param rowScales whether rows have scales and zero points of their own, {@code [rows]} pairs of f32 and s32 where
 *     sums of rows are otherwise; f32 only, and the columns' zero points are then the sums of their weights
 */
public record OutputStage(DataType type, int zeroPoint, float low, float high, boolean realBias,
        boolean weightZeroPoints, Addend addend, boolean rowScales) {
    /** Bytes of a row's scale and zero point. */
    public static final int ROW_SCALE_BYTES = Float.BYTES + Integer.BYTES;

    /**
     * A stage without scales of rows.
     *
     * @param type u8, s8, f32 or s32
     * @param zeroPoint the output's zero point; 0 for f32 and s32
     * @param low lower bound, less the zero point
     * @param high upper bound, less the zero point
     * @param realBias whether columns have a bias in floats
     * @param weightZeroPoints whether columns have zero points
     * @param addend the second tensor that is added; null for none
     */
    public OutputStage(DataType type, int zeroPoint, float low, float high, boolean realBias,
            boolean weightZeroPoints, Addend addend) {
        this(type, zeroPoint, low, high, realBias, weightZeroPoints, addend, false);
    }

    /**
     * A second quantized tensor that is added before rounding.
     *
     * @param signed whether its elements are s8, and not u8
     * @param zeroPoint its zero point
     * @param ratio its scale, divided by the output's
     */
    public record Addend(boolean signed, int zeroPoint, float ratio) {
        /**
         * Checks the ratio.
         *
         * @throws IllegalArgumentException if it is not finite
         */
        public Addend {
            if (!Float.isFinite(ratio)) {
                throw new IllegalArgumentException(
                        "addendScale / outputScale = " + ratio + ": must be finite");
            }
        }
    }

    /** {@return this for columns whose weights have lost their zero points already} */
    OutputStage withoutWeightZeroPoints() {
        return new OutputStage(type, zeroPoint, low, high, realBias, false, addend);
    }

    /** {@return this with scales of rows, where columns have sums of their weights} */
    public OutputStage withRowScales() {
        return new OutputStage(type, zeroPoint, low, high, realBias, true, addend, true);
    }

    /** {@return whether the output is u8 or s8} */
    public boolean isQuantized() {
        return type == DataType.U8 || type == DataType.S8;
    }

    /** {@return bytes of an element of the output} */
    public int outputBytes() {
        return type.bits() / Byte.SIZE;
    }
}

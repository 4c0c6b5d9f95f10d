// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.kernels.common.OutputStage;

/**
 * What of an {@link OutputStage} a kernel's code depends on; the numbers are arguments.
 *
 * @param output what is stored
 * @param realBias whether a bias is added as a float
 * @param weightZeroPoints whether sums of rows are needed
 * @param addend what is added
 */
record Stage(Output output, boolean realBias, boolean weightZeroPoints, Addend addend) {
    /** What a kernel stores. */
    enum Output {
        U8, S8, F32, S32, RAW;

        boolean isQuantized() {
            return this == U8 || this == S8;
        }

        /** Whether sums become floats. */
        boolean isScaled() {
            return isQuantized() || this == F32;
        }

        int bytes() {
            return isQuantized() ? 1 : 4;
        }
    }

    /** The type of the second tensor. */
    enum Addend { NONE, U8, S8 }

    /** The sums as they are, without terms of the columns. */
    static final Stage RAW = new Stage(Output.RAW, false, false, Addend.NONE);

    /** The class of a stage; {@link #RAW} for none. */
    static Stage of(OutputStage stage) {
        if (stage == null) {
            return RAW;
        }
        Output output = switch (stage.type()) {
            case U8 -> Output.U8;
            case S8 -> Output.S8;
            case F32 -> Output.F32;
            case S32 -> Output.S32;
            default -> throw new IllegalArgumentException("type = " + stage.type() + ": must be U8, S8, F32 or S32");
        };
        Addend addend = stage.addend() == null ? Addend.NONE : stage.addend().signed() ? Addend.S8 : Addend.U8;
        return new Stage(output, stage.realBias() && output != Output.S32, stage.weightZeroPoints(), addend);
    }

    /** Whether sums begin with a term of their column. */
    boolean hasInitial() {
        return output != Output.RAW;
    }
}

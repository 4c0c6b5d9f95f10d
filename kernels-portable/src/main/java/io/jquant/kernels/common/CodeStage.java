// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

/**
 * What of an {@link OutputStage} a kernel's code depends on; the numbers are arguments.
 *
 * @param output what is stored
 * @param realBias whether a bias is added as a float
 * @param weightZeroPoints whether sums of rows are needed
 * @param addend what is added
 * @param rowScales whether rows have scales of their own
 */
public record CodeStage(Output output, boolean realBias, boolean weightZeroPoints, Addend addend,
        boolean rowScales) {
    /** What a kernel stores. */
    public enum Output {
        /** u8, rounded and clamped. */
        U8,
        /** s8, rounded and clamped. */
        S8,
        /** Floats. */
        F32,
        /** Sums with the terms of their columns. */
        S32,
        /** Sums as they are. */
        RAW;

        /** {@return whether bytes are stored} */
        public boolean isQuantized() {
            return this == U8 || this == S8;
        }

        /** {@return whether sums become floats} */
        public boolean isScaled() {
            return isQuantized() || this == F32;
        }

        /** {@return bytes of an element} */
        public int bytes() {
            return isQuantized() ? 1 : 4;
        }
    }

    /** The type of the second tensor. */
    public enum Addend {
        /** There is none. */
        NONE,
        /** u8. */
        U8,
        /** s8. */
        S8
    }

    /** The sums as they are, without terms of the columns. */
    public static final CodeStage RAW = new CodeStage(Output.RAW, false, false, Addend.NONE, false);

    /**
     * The class of a stage.
     *
     * @param stage the stage, or null
     * @return its class; {@link #RAW} for none
     */
    public static CodeStage of(OutputStage stage) {
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
        return new CodeStage(output, stage.realBias() && output != Output.S32, stage.weightZeroPoints(), addend,
                stage.rowScales());
    }

    /**
     * The class of what machine code, which knows no NaN, stores itself of a stage.
     *
     * @param stage the stage, or null
     * @return its class; {@link #RAW} for none, and where infinities of both signs could meet
     */
    public static CodeStage fused(OutputStage stage) {
        return stage == null || stage.addend() == null || Float.isFinite(stage.addend().ratio() * 255) ? of(stage)
                : RAW;
    }

    // by hand: at its first call, what a record has of its own takes milliseconds
    @Override
    public boolean equals(Object other) {
        return other instanceof CodeStage stage && output == stage.output && realBias == stage.realBias
                && weightZeroPoints == stage.weightZeroPoints && addend == stage.addend
                && rowScales == stage.rowScales;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * output.hashCode() + addend.hashCode()) + (rowScales ? 4 : 0) + (realBias ? 2 : 0)
                + (weightZeroPoints ? 1 : 0);
    }

    /** {@return bytes of what a row has of its own} */
    public int rowBytes() {
        return rowScales ? OutputStage.ROW_SCALE_BYTES : Integer.BYTES;
    }

    /** {@return whether sums begin with a term of their column} */
    public boolean hasInitial() {
        return output != Output.RAW;
    }
}

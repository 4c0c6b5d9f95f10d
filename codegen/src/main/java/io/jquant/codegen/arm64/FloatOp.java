// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

import static io.jquant.codegen.arm64.Args.vd;
import static io.jquant.codegen.arm64.Args.vm;
import static io.jquant.codegen.arm64.Args.vn;
import static io.jquant.codegen.arm64.Form.form;
import static io.jquant.codegen.arm64.VectorForms.floatByLane;
import static io.jquant.codegen.arm64.VectorForms.floatRows;
import static io.jquant.codegen.arm64.VectorForms.floatUnary;

import java.util.List;
import java.util.Locale;

/** Vector instructions on floats. */
public enum FloatOp implements Instruction {
    /** Adds. */
    FADD(Forms.of(floatRows(0x0E20D400), scalar(0x1E202800))),
    /** Subtracts. */
    FSUB(Forms.of(floatRows(0x0EA0D400), scalar(0x1E203800))),
    /** Multiplies. */
    FMUL(Forms.of(floatRows(0x2E20DC00), floatByLane(0x0F809000), scalar(0x1E200800))),
    /** Divides. */
    FDIV(Forms.of(floatRows(0x2E20FC00), scalar(0x1E201800))),
    /** Adds products, rounded once. */
    FMLA(Forms.of(floatRows(0x0E20CC00), floatByLane(0x0F801000))),
    /** Subtracts products, rounded once. */
    FMLS(Forms.of(floatRows(0x0EA0CC00), floatByLane(0x0F805000))),
    /** The larger; NaN if one is. */
    FMAX(Forms.of(floatRows(0x0E20F400), scalar(0x1E204800))),
    /** The smaller; NaN if one is. */
    FMIN(Forms.of(floatRows(0x0EA0F400), scalar(0x1E205800))),
    /** The larger; the number if one is NaN. */
    FMAXNM(Forms.of(floatRows(0x0E20C400), scalar(0x1E206800))),
    /** The smaller; the number if one is NaN. */
    FMINNM(Forms.of(floatRows(0x0EA0C400), scalar(0x1E207800))),
    /** Adds neighbours of both sources. */
    FADDP(Forms.of(floatRows(0x2E20D400))),
    /** Compares: equal. */
    FCMEQ(Forms.of(floatRows(0x0E20E400))),
    /** Compares: greater or equal. */
    FCMGE(Forms.of(floatRows(0x2E20E400))),
    /** Compares: greater. */
    FCMGT(Forms.of(floatRows(0x2EA0E400))),
    /** Signed integers to floats. */
    SCVTF(floatUnary(0x0E21D800)),
    /** Unsigned integers to floats. */
    UCVTF(floatUnary(0x2E21D800)),
    /** Floats to signed integers, to nearest, ties to even, saturating; NaN to 0. */
    FCVTNS(floatUnary(0x0E21A800)),
    /** Floats to unsigned integers, to nearest, ties to even, saturating; NaN to 0. */
    FCVTNU(floatUnary(0x2E21A800)),
    /** Floats to signed integers, towards zero, saturating; NaN to 0. */
    FCVTZS(floatUnary(0x0EA1B800)),
    /** Rounds to an integer, to nearest, ties to even. */
    FRINTN(floatUnary(0x0E218800)),
    /** The absolute value. */
    FABS(floatUnary(0x0EA0F800)),
    /** Negates. */
    FNEG(floatUnary(0x2EA0F800)),
    /** The square root. */
    FSQRT(floatUnary(0x2EA1F800)),
    /** Copies bits between a general register and the low part of a vector register. */
    FMOV(Forms.of(form(0x1E270000, vd(Shape.S), Args.WN), form(0x1E260000, Args.WD, vn(Shape.S)),
        form(0x9E670000, vd(Shape.D), Args.XN), form(0x9E660000, Args.XD, vn(Shape.D))));

    // unmodifiable, though not declared so to the checker
    @SuppressWarnings("ImmutableEnumChecker")
    private final Forms forms;

    FloatOp(Forms forms) {
        this.forms = forms;
    }

    @Override
    public String mnemonic() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Forms forms() {
        return forms;
    }

    private static List<Form> scalar(int bits) {
        return List.of(form(bits, vd(Shape.S), vn(Shape.S), vm(Shape.S)),
            form(bits | 1 << 22, vd(Shape.D), vn(Shape.D), vm(Shape.D)));
    }
}

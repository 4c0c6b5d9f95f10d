// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static io.jquant.codegen.arm64.FloatOp.FABS;
import static io.jquant.codegen.arm64.FloatOp.FCMGT;
import static io.jquant.codegen.arm64.FloatOp.FCVTNS;
import static io.jquant.codegen.arm64.FloatOp.FDIV;
import static io.jquant.codegen.arm64.FloatOp.FMUL;
import static io.jquant.codegen.arm64.GeneralOp.MOVZ;
import static io.jquant.codegen.arm64.GeneralOp.SUBS;
import static io.jquant.codegen.arm64.Imm.imm;
import static io.jquant.codegen.arm64.IntegerOp.ADD;
import static io.jquant.codegen.arm64.IntegerOp.ADDV;
import static io.jquant.codegen.arm64.IntegerOp.AND;
import static io.jquant.codegen.arm64.IntegerOp.BIC;
import static io.jquant.codegen.arm64.IntegerOp.CMGT;
import static io.jquant.codegen.arm64.IntegerOp.NEG;
import static io.jquant.codegen.arm64.IntegerOp.SHL;
import static io.jquant.codegen.arm64.IntegerOp.SMAX;
import static io.jquant.codegen.arm64.IntegerOp.SMAXV;
import static io.jquant.codegen.arm64.IntegerOp.SQXTN;
import static io.jquant.codegen.arm64.IntegerOp.SQXTN2;
import static io.jquant.codegen.arm64.Lsl.lsl;
import static io.jquant.codegen.arm64.Mem.at;
import static io.jquant.codegen.arm64.MemoryOp.LDR;
import static io.jquant.codegen.arm64.MemoryOp.STR;
import static io.jquant.codegen.arm64.Reg.x;
import static io.jquant.codegen.arm64.ShuffleOp.DUP;
import static io.jquant.codegen.arm64.ShuffleOp.INS;
import static io.jquant.codegen.arm64.ShuffleOp.MOVI;
import static io.jquant.codegen.arm64.Vec.b16;
import static io.jquant.codegen.arm64.Vec.b8;
import static io.jquant.codegen.arm64.Vec.d;
import static io.jquant.codegen.arm64.Vec.h4;
import static io.jquant.codegen.arm64.Vec.h8;
import static io.jquant.codegen.arm64.Vec.q;
import static io.jquant.codegen.arm64.Vec.s;
import static io.jquant.codegen.arm64.Vec.s4;

import io.jquant.codegen.arm64.Arm64Assembler;
import io.jquant.codegen.arm64.GeneralOp;
import io.jquant.codegen.arm64.Label;
import io.jquant.codegen.arm64.Reg;
import io.jquant.codegen.arm64.Vec;
import io.jquant.kernels.common.GroupRowsArguments;

/**
 * Quantizes groups of a row for {@link GroupedCode}. Arguments: code, input, records, none, and
 * {@link GroupRowsArguments}.
 */
final class GroupRowsCode implements Code {
    private static final Reg TEMPORARY = x(0);
    private static final Reg ARGUMENTS = x(4);
    private static final Reg INPUT = x(5);
    private static final Reg RECORD = x(6);
    private static final Reg COUNT = x(7);
    private static final int LARGEST = 0;
    private static final int RECIPROCAL = 1;
    private static final int SCALE = 2;
    private static final int SUM = 3;
    /** The first of four for whatever is at hand. */
    private static final int VALUES = 4;
    private static final int COMPARED = 16;
    private static final int INFINITE = 30;
    private static final int MOST = 31;
    /** Elements of a vector, and those that become bytes at a time. */
    private static final int LANES = 4;
    private static final int STEP = 16;

    private final Arm64Assembler a = new Arm64Assembler();
    private final int groupSize;
    private final boolean zeroPoints;

    GroupRowsCode(int groupSize, boolean zeroPoints) {
        this.groupSize = groupSize;
        this.zeroPoints = zeroPoints;
    }

    @Override
    public byte[] assemble() {
        a.emit(LDR, INPUT, at(ARGUMENTS, GroupRowsArguments.FROM));
        a.emit(GeneralOp.ADD, INPUT, INPUT, x(1));
        a.emit(LDR, RECORD, at(ARGUMENTS, GroupRowsArguments.TO));
        a.emit(GeneralOp.ADD, RECORD, RECORD, x(2));
        a.emit(LDR, COUNT, at(ARGUMENTS, GroupRowsArguments.GROUPS));
        every(INFINITE, Float.POSITIVE_INFINITY);
        every(MOST, 127);
        Label group = a.here();
        scale();
        quantize();
        a.emit(GeneralOp.ADD, INPUT, INPUT, imm(4L * groupSize));
        a.emit(GeneralOp.ADD, RECORD, RECORD, imm(groupSize + 8L));
        a.emit(SUBS, COUNT, COUNT, imm(1));
        a.emit(GeneralOp.B_NE, group);
        a.emit(GeneralOp.RET);
        return a.assemble();
    }

    /** Appends the setting of every lane to a number whose low 16 bits are 0. */
    private void every(int vector, float value) {
        a.emit(MOVZ, TEMPORARY.w(), imm(Float.floatToRawIntBits(value) >>> 16), lsl(16));
        a.emit(DUP, s4(vector), TEMPORARY.w());
    }

    /** Magnitudes compare as integers, NaN above infinity. */
    private void scale() {
        a.emit(MOVI, b16(LARGEST), imm(0));
        for (int i = 0; i < groupSize / LANES; i++) {
            Vec values = s4(VALUES + i % 4);
            Vec compared = b16(COMPARED + i % 4);
            a.emit(LDR, q(values.number()), at(INPUT, 16 * i));
            a.emit(FABS, values, values);
            a.emit(CMGT, s4(compared.number()), values, s4(INFINITE));
            a.emit(BIC, b16(values.number()), b16(values.number()), compared);
            a.emit(SMAX, s4(LARGEST), s4(LARGEST), values);
        }
        a.emit(SMAXV, s(LARGEST), s4(LARGEST));
        a.emit(DUP, s4(LARGEST), s4(LARGEST).lane(0));
        a.emit(FDIV, s4(RECIPROCAL), s4(MOST), s4(LARGEST));
        a.emit(FDIV, s4(SCALE), s4(LARGEST), s4(MOST));
        a.emit(FCMGT, s4(COMPARED), s4(INFINITE), s4(RECIPROCAL));
        a.emit(AND, b16(RECIPROCAL), b16(RECIPROCAL), b16(COMPARED));
        a.emit(AND, b16(SCALE), b16(SCALE), b16(COMPARED));
    }

    /** The conversion makes 0 of NaN. */
    private void quantize() {
        a.emit(MOVI, b16(SUM), imm(0));
        for (int i = 0; i < groupSize; i += STEP) {
            for (int j = 0; j < STEP / LANES; j++) {
                a.emit(LDR, q(VALUES + j), at(INPUT, 4 * i + 16 * j));
                a.emit(FMUL, s4(VALUES + j), s4(VALUES + j), s4(RECIPROCAL));
                a.emit(FCVTNS, s4(VALUES + j), s4(VALUES + j));
                a.emit(ADD, s4(SUM), s4(SUM), s4(VALUES + j));
            }
            for (int j = 0; j < STEP / LANES; j += 2) {
                a.emit(SQXTN, h4(VALUES + j), s4(VALUES + j));
                a.emit(SQXTN2, h8(VALUES + j), s4(VALUES + j + 1));
            }
            a.emit(SQXTN, b8(VALUES), h8(VALUES));
            a.emit(SQXTN2, b16(VALUES), h8(VALUES + 2));
            a.emit(STR, q(VALUES), at(RECORD, i));
        }
        a.emit(ADDV, s(SUM), s4(SUM));
        a.emit(NEG, s4(SUM), s4(SUM));
        if (!zeroPoints) {
            a.emit(SHL, s4(SUM), s4(SUM), imm(3));
        }
        a.emit(INS, s4(SCALE).lane(1), s4(SUM).lane(0));
        a.emit(STR, d(SCALE), at(RECORD, groupSize));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static io.jquant.codegen.arm64.GeneralOp.ADD;
import static io.jquant.codegen.arm64.GeneralOp.CBZ;
import static io.jquant.codegen.arm64.Imm.imm;
import static io.jquant.codegen.arm64.IntegerOp.EOR;
import static io.jquant.codegen.arm64.IntegerOp.SADDW;
import static io.jquant.codegen.arm64.IntegerOp.SADDW2;
import static io.jquant.codegen.arm64.IntegerOp.SMLAL;
import static io.jquant.codegen.arm64.IntegerOp.SMLAL2;
import static io.jquant.codegen.arm64.IntegerOp.SMLSL;
import static io.jquant.codegen.arm64.IntegerOp.SMLSL2;
import static io.jquant.codegen.arm64.IntegerOp.SMULL;
import static io.jquant.codegen.arm64.IntegerOp.SMULL2;
import static io.jquant.codegen.arm64.IntegerOp.UXTL;
import static io.jquant.codegen.arm64.IntegerOp.UXTL2;
import static io.jquant.codegen.arm64.Mem.at;
import static io.jquant.codegen.arm64.Mem.post;
import static io.jquant.codegen.arm64.MemoryOp.LDP;
import static io.jquant.codegen.arm64.MemoryOp.LDR;
import static io.jquant.codegen.arm64.Reg.x;
import static io.jquant.codegen.arm64.ShuffleOp.MOVI;
import static io.jquant.codegen.arm64.Vec.b16;
import static io.jquant.codegen.arm64.Vec.b8;
import static io.jquant.codegen.arm64.Vec.h4;
import static io.jquant.codegen.arm64.Vec.h8;
import static io.jquant.codegen.arm64.Vec.q;
import static io.jquant.codegen.arm64.Vec.s4;

import io.jquant.codegen.arm64.Label;
import io.jquant.codegen.arm64.Reg;
import io.jquant.kernels.common.CodeStage;

/**
 * Depthwise convolutions of any window, tap after tap. Where weights are of 8 bits, two taps are summed in 16 bits and
 * then in 32, as {@link WideningCode} does: the first's input becomes {@code a - 128}, the second's {@code 127 - a}.
 */
final class TapsCode extends DepthwiseCode {
    private static final Reg TAPS = x(2);
    private static final Reg FIRST = x(0);
    private static final Reg SECOND = x(1);
    private static final int FIRST_FLIP = 4;
    private static final int SECOND_FLIP = 5;
    private static final int WEIGHTS_AT = 6;

    private final boolean isNarrow;

    TapsCode(CodeStage stage, int rows, boolean isNarrow) {
        super(stage, rows);
        this.isNarrow = isNarrow;
    }

    @Override
    void add(int tileRows) {
        a.emit(ADD, TAPS, ARGUMENTS, imm(ArmArguments.TAPS));
        if (isNarrow) {
            pairs(tileRows);
        } else {
            repeat(ArmArguments.UNROLLED_STEPS, () -> wide(tileRows));
        }
    }

    private void wide(int tileRows) {
        a.emit(LDR, FIRST, post(TAPS, Long.BYTES));
        a.emit(LDP, q(WEIGHTS_AT), q(WEIGHTS_AT + 1), post(WEIGHTS, 32));
        for (int row = 0; row < tileRows; row++) {
            a.emit(LDR, q(0), at(row(row), FIRST));
            a.emit(UXTL, h8(1), b8(0));
            a.emit(UXTL2, h8(2), b16(0));
            for (int half = 0; half < 2; half++) {
                a.emit(SMLAL, s4(sum(row, 2 * half)), h4(1 + half), h4(WEIGHTS_AT + half));
                a.emit(SMLAL2, s4(sum(row, 2 * half + 1)), h8(1 + half), h8(WEIGHTS_AT + half));
            }
        }
    }

    private void pairs(int tileRows) {
        a.emit(MOVI, b16(FIRST_FLIP), imm(WideningCode.FIRST_ORIGIN));
        a.emit(MOVI, b16(SECOND_FLIP), imm(WideningCode.LAST_ORIGIN));
        repeat(ArmArguments.UNROLLED_STEPS, () -> {
            a.emit(LDP, FIRST, SECOND, post(TAPS, 2 * Long.BYTES));
            a.emit(LDP, q(WEIGHTS_AT), q(WEIGHTS_AT + 1), post(WEIGHTS, 32));
            for (int row = 0; row < tileRows; row++) {
                narrow(row, true);
            }
        });
        Label done = a.label();
        a.emit(CBZ, TAIL, done);
        a.emit(LDR, FIRST, at(TAPS));
        a.emit(LDR, q(WEIGHTS_AT), at(WEIGHTS));
        for (int row = 0; row < tileRows; row++) {
            narrow(row, false);
        }
        a.bind(done);
    }

    private void narrow(int row, boolean isPair) {
        a.emit(LDR, q(0), at(row(row), FIRST));
        if (isPair) {
            a.emit(LDR, q(1), at(row(row), SECOND));
        }
        a.emit(EOR, b16(0), b16(0), b16(FIRST_FLIP));
        if (isPair) {
            a.emit(EOR, b16(1), b16(1), b16(SECOND_FLIP));
        }
        a.emit(SMULL, h8(2), b8(0), b8(WEIGHTS_AT));
        a.emit(SMULL2, h8(3), b16(0), b16(WEIGHTS_AT));
        if (isPair) {
            a.emit(SMLSL, h8(2), b8(1), b8(WEIGHTS_AT + 1));
            a.emit(SMLSL2, h8(3), b16(1), b16(WEIGHTS_AT + 1));
        }
        for (int half = 0; half < 2; half++) {
            int first = sum(row, 2 * half);
            a.emit(SADDW, s4(first), s4(first), h4(2 + half));
            a.emit(SADDW2, s4(first + 1), s4(first + 1), h8(2 + half));
        }
    }
}

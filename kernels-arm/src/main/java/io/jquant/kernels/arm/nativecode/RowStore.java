// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static io.jquant.codegen.arm64.GeneralOp.ADD;
import static io.jquant.codegen.arm64.GeneralOp.B;
import static io.jquant.codegen.arm64.GeneralOp.CMP;
import static io.jquant.codegen.arm64.GeneralOp.MOV;
import static io.jquant.codegen.arm64.GeneralOp.TBZ;
import static io.jquant.codegen.arm64.Imm.imm;
import static io.jquant.codegen.arm64.Mem.at;
import static io.jquant.codegen.arm64.Mem.post;
import static io.jquant.codegen.arm64.MemoryOp.STP;
import static io.jquant.codegen.arm64.MemoryOp.STR;
import static io.jquant.codegen.arm64.Reg.x;
import static io.jquant.codegen.arm64.ShuffleOp.EXT;
import static io.jquant.codegen.arm64.Vec.b16;
import static io.jquant.codegen.arm64.Vec.d;
import static io.jquant.codegen.arm64.Vec.q;
import static io.jquant.kernels.arm.nativecode.GemmCode.COLUMNS;
import static io.jquant.kernels.arm.nativecode.GemmCode.OUTPUT;
import static io.jquant.kernels.arm.nativecode.GemmCode.OUTPUT_STRIDE;

import io.jquant.codegen.arm64.Arm64Assembler;
import io.jquant.codegen.arm64.GeneralOp;
import io.jquant.codegen.arm64.Label;
import io.jquant.codegen.arm64.Reg;
import io.jquant.codegen.arm64.Shape;
import io.jquant.codegen.arm64.Vec;

/** Stores rows of the output, of bytes in one register or of 32 bits in several, and moves to the next row. */
final class RowStore {
    private static final Reg TO = x(15);

    private final Arm64Assembler a;
    private final int columns;
    private final int elementBytes;

    RowStore(Arm64Assembler a, int columns, int elementBytes) {
        this.a = a;
        this.columns = columns;
        this.elementBytes = elementBytes;
    }

    /** Appends the storing of a row of all columns. */
    void whole(int[] row) {
        if (row.length == 1) {
            a.emit(STR, columns == 16 ? q(row[0]) : d(row[0]), at(OUTPUT));
        }
        for (int i = 0; i + 1 < row.length; i += 2) {
            a.emit(STP, q(row[i]), q(row[i + 1]), at(OUTPUT, 16 * i));
        }
        a.emit(ADD, OUTPUT, OUTPUT, OUTPUT_STRIDE);
    }

    /** Appends the storing of the first columns of a row, as many as there are, and nothing beyond them. */
    void cut(int[] row) {
        Label done = a.label();
        a.emit(MOV, TO, OUTPUT);
        if (row.length == 1) {
            pieces(row[0], columns / 2);
        } else {
            for (int i = 0; i < row.length; i++) {
                Label partial = a.label();
                Label next = a.label();
                a.emit(CMP, COLUMNS, imm(4L * (i + 1)));
                a.emit(GeneralOp.B_LO, partial);
                a.emit(STR, q(row[i]), post(TO, 16));
                a.emit(B, next);
                a.bind(partial);
                pieces(row[i], 2);
                a.emit(B, done);
                a.bind(next);
            }
        }
        a.bind(done);
        a.emit(ADD, OUTPUT, OUTPUT, OUTPUT_STRIDE);
    }

    /** Appends the storing of the columns of a register that are left: so many, half as many and so on down to one. */
    private void pieces(int register, int most) {
        for (int count = most; count > 0; count /= 2) {
            Label skip = a.label();
            int bytes = count * elementBytes;
            a.emit(TBZ, COLUMNS, imm(Integer.numberOfTrailingZeros(count)), skip);
            a.emit(STR, new Vec(register, scalar(bytes)), post(TO, bytes));
            if (count > 1) {
                a.emit(EXT, b16(register), b16(register), b16(register), imm(bytes));
            }
            a.bind(skip);
        }
    }

    private static Shape scalar(int bytes) {
        return switch (bytes) {
            case 1 -> Shape.B;
            case 2 -> Shape.H;
            case 4 -> Shape.S;
            default -> Shape.D;
        };
    }
}

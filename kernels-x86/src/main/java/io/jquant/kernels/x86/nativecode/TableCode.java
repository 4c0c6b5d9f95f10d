// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.IntegerOp.VPCMPGTB;
import static io.jquant.codegen.x86.IntegerOp.VPSUBSB;
import static io.jquant.codegen.x86.IntegerOp.VPXOR;
import static io.jquant.codegen.x86.IntegerOp.VPXORD;
import static io.jquant.codegen.x86.Mask.k;
import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.MoveOp.VBROADCASTI128;
import static io.jquant.codegen.x86.MoveOp.VBROADCASTI32X4;
import static io.jquant.codegen.x86.MoveOp.VMOVUPS;
import static io.jquant.codegen.x86.MoveOp.VPBROADCASTB;
import static io.jquant.codegen.x86.ShuffleOp.VPBLENDMB;
import static io.jquant.codegen.x86.ShuffleOp.VPERMI2B;
import static io.jquant.codegen.x86.ShuffleOp.VPSHUFB;

import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Instruction;
import io.jquant.codegen.x86.Label;
import io.jquant.codegen.x86.Mask;
import io.jquant.codegen.x86.Vec;
import io.jquant.codegen.x86.X86Assembler;

/**
 * Looks bytes up in a table of 256, the bytes in the first register. Either in four registers of 64 entries, or in
 * rows of 16 of which each is kept as its difference, by exclusive or, from the one before: a shuffle looks at four
 * bits and gives 0 for a byte that is negative, so the rows up to a byte's own add up to its own, while 16 less for
 * each row makes it negative for those above.
 */
final class TableCode {
    /** Entries of a table. */
    static final int SIZE = 256;

    private static final int ROW = 16;
    private static final int ROWS = SIZE / ROW;
    /** Registers. */
    private static final int TABLE = 16;
    private static final int ZERO = 8;
    private static final int STEP = 8;
    private static final int SIGNS = 9;
    private static final Mask UPPER = k(6);

    private final X86Assembler a;
    private final ElementVectors vectors;
    private final boolean wide;
    private final boolean whole;
    private final Label numbers;
    private Gpr address;

    TableCode(X86Assembler a, ElementVectors vectors, ElementCode.Shape shape) {
        this.a = a;
        this.vectors = vectors;
        this.wide = shape.wide();
        this.whole = shape.permutesBytes();
        numbers = a.label();
    }

    /** The table as the code wants it, on a CPU that permutes bytes of two registers or of sixteen bytes. */
    static byte[] arrange(byte[] table, boolean permutesBytes) {
        byte[] arranged = table.clone();
        for (int i = SIZE - 1; i >= 0 && !permutesBytes; i--) {
            // bytes from 128 on have rows of their own
            if (i % (SIZE / 2) >= ROW) {
                arranged[i] ^= table[i - ROW];
            }
        }
        return arranged;
    }

    /** Appends the loading of what stays in registers. */
    void prepare(Gpr table) {
        address = table;
        if (whole) {
            for (int i = 0; i < 4; i++) {
                a.emit(VMOVUPS, vectors.vec(TABLE + i), at(address, 64 * i));
            }
            a.emit(VPXORD, vectors.vec(ZERO), vectors.vec(ZERO), vectors.vec(ZERO));
            return;
        }
        for (int i = 0; wide && i < ROWS; i++) {
            a.emit(VBROADCASTI32X4, vectors.vec(TABLE + i), at(address, ROW * i));
        }
        a.emit(VPBROADCASTB, vectors.vec(STEP), at(numbers));
        a.emit(VPBROADCASTB, vectors.vec(SIGNS), at(numbers).plus(1));
    }

    /** Appends constants; to be placed where no execution comes along. */
    void constants() {
        a.bind(numbers);
        a.data((byte) ROW, Byte.MIN_VALUE);
    }

    /** Appends the looking up of the bytes in the first register. */
    void apply() {
        Vec lower = vectors.vec(0);
        Vec upper = vectors.vec(1);
        if (whole) {
            a.emit(VMOVUPS, upper, lower);
            a.emit(VPCMPGTB, UPPER, vectors.vec(ZERO), lower);
            a.emit(VPERMI2B, lower, vectors.vec(TABLE), vectors.vec(TABLE + 1));
            a.emit(VPERMI2B, upper, vectors.vec(TABLE + 2), vectors.vec(TABLE + 3));
            a.emit(VPBLENDMB, lower.merge(UPPER), lower, upper);
            return;
        }
        a.emit(xor(), upper, lower, vectors.vec(SIGNS));
        a.emit(VPSHUFB, vectors.vec(2), row(0), lower);
        a.emit(VPSHUFB, vectors.vec(3), row(ROWS / 2), upper);
        for (int i = 1; i < ROWS / 2; i++) {
            add(2, lower, i);
            add(3, upper, ROWS / 2 + i);
        }
        a.emit(xor(), lower, vectors.vec(2), vectors.vec(3));
    }

    private void add(int sum, Vec bytes, int row) {
        a.emit(VPSUBSB, bytes, bytes, vectors.vec(STEP));
        a.emit(VPSHUFB, vectors.vec(4), row(row), bytes);
        a.emit(xor(), vectors.vec(sum), vectors.vec(sum), vectors.vec(4));
    }

    private Instruction xor() {
        return wide ? VPXORD : VPXOR;
    }

    private Vec row(int row) {
        if (wide) {
            return vectors.vec(TABLE + row);
        }
        a.emit(VBROADCASTI128, vectors.vec(5), at(address, ROW * row));
        return vectors.vec(5);
    }
}

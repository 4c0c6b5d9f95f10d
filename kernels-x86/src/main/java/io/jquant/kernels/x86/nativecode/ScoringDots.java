// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.IntegerOp.VPANDD;
import static io.jquant.codegen.x86.IntegerOp.VPDPBUSD;
import static io.jquant.codegen.x86.IntegerOp.VPSUBD;
import static io.jquant.codegen.x86.IntegerOp.VPXORD;
import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.MoveOp.VMOVDQA32;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU32;
import static io.jquant.codegen.x86.MoveOp.VPBROADCASTD;
import static io.jquant.codegen.x86.Vec.zmm;

import io.jquant.codegen.x86.Label;
import io.jquant.codegen.x86.Mem;
import io.jquant.codegen.x86.Vec;
import io.jquant.codegen.x86.X86Assembler;

/**
 * Products with {@code vpdpbusd} on 512 bits. A row of s8 becomes u8 by adding 128, which adds 128 times the query's
 * sum: every group begins with its negative.
 */
final class ScoringDots extends ScoringArithmetic {
    private static final int STEP = 64;
    private static final Vec VALUES = zmm(16);
    private static final Vec SIGNS = zmm(17);
    private static final Vec QUERY = zmm(18);
    private static final Vec CORRECTION = zmm(19);

    private final boolean signed;
    private final int dimension;
    private Label signs;
    private Label mask;

    ScoringDots(boolean signed, int dimension) {
        super(512);
        this.signed = signed;
        this.dimension = dimension;
    }

    @Override
    int step() {
        return STEP;
    }

    @Override
    void prepare(X86Assembler a) {
        signs = a.label();
        mask = a.label();
        if (signed) {
            a.emit(VPBROADCASTD, SIGNS, at(signs));
            a.emit(VPXORD, CORRECTION, CORRECTION, CORRECTION);
        }
    }

    @Override
    boolean wantsQuery() {
        return signed;
    }

    @Override
    void query(X86Assembler a, Mem query, boolean tail) {
        loadQuery(a, query, tail);
        a.emit(VPDPBUSD, CORRECTION, SIGNS, QUERY);
    }

    @Override
    void begin(X86Assembler a, int rows) {
        a.emit(VPXORD, zmm(0), zmm(0), zmm(0));
        if (signed) {
            a.emit(VPSUBD, zmm(0), zmm(0), CORRECTION);
        }
        for (int i = 1; i < rows; i++) {
            a.emit(VMOVDQA32, zmm(i), zmm(0));
        }
    }

    @Override
    void loadQuery(X86Assembler a, Mem query, boolean tail) {
        a.emit(VMOVDQU32, QUERY, query);
        if (tail) {
            a.emit(VPANDD, QUERY, QUERY, at(mask));
        }
    }

    @Override
    void row(X86Assembler a, int row, Mem values, boolean tail) {
        // where the query is masked it does not matter what the row has
        if (signed) {
            a.emit(VPXORD, VALUES, SIGNS, values);
        } else {
            a.emit(VMOVDQU32, VALUES, values);
        }
        a.emit(VPDPBUSD, zmm(row), VALUES, QUERY);
    }

    @Override
    void constants(X86Assembler a) {
        a.align(STEP);
        a.bind(mask);
        for (int i = 0; i < STEP; i++) {
            a.data((byte) (i < STEP - dimension % STEP ? 0 : 0xFF));
        }
        a.bind(signs);
        a.dataInt(0x80808080);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.IntegerOp.VPADDD;
import static io.jquant.codegen.x86.IntegerOp.VPHADDD;
import static io.jquant.codegen.x86.MoveOp.VMOVD;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU;
import static io.jquant.codegen.x86.MoveOp.VMOVQ;
import static io.jquant.codegen.x86.ShuffleOp.VEXTRACTI128;
import static io.jquant.codegen.x86.ShuffleOp.VEXTRACTI64X4;
import static io.jquant.codegen.x86.Vec.xmm;
import static io.jquant.codegen.x86.Vec.ymm;
import static io.jquant.codegen.x86.Vec.zmm;

import io.jquant.codegen.x86.Mem;
import io.jquant.codegen.x86.X86Assembler;

/** What scores are summed with. Vectors 0 to 3 hold the sums of a group's rows, 4 to 7 their norms. */
abstract class ScoringArithmetic {
    static final int NORMS = 4;

    private final int bits;

    /** Arithmetic on vectors of some bits. */
    ScoringArithmetic(int bits) {
        this.bits = bits;
    }

    final int bits() {
        return bits;
    }

    /** Elements that are summed at a time. */
    abstract int step();

    /** Appends what is the same for all queries. */
    void prepare(X86Assembler a) {
    }

    /** Whether something is to be computed from the query before any row. */
    boolean wantsQuery() {
        return false;
    }

    /** Appends the query's share of a step, before any row. */
    void query(X86Assembler a, Mem query, boolean tail) {
    }

    /** Appends the start of a group. */
    abstract void begin(X86Assembler a, int rows);

    /** Appends the query's part of a step; a tail's first elements were summed already. */
    abstract void loadQuery(X86Assembler a, Mem query, boolean tail);

    /** Appends a row's part of a step. */
    abstract void row(X86Assembler a, int row, Mem values, boolean tail);

    /** Appends constants behind the code. */
    abstract void constants(X86Assembler a);

    /** Appends the end of a group: adds up and stores what the rows' results are. */
    final void store(X86Assembler a, int rows, Mem results) {
        reduce(a, 0, rows, results);
    }

    /** The same for the norms. */
    final void storeNorms(X86Assembler a, int rows, Mem results) {
        reduce(a, NORMS, rows, results);
    }

    private void reduce(X86Assembler a, int first, int rows, Mem results) {
        for (int i = first; i < first + rows; i++) {
            if (bits == 512) {
                a.emit(VEXTRACTI64X4, ymm(15), zmm(i), imm(1));
                a.emit(VPADDD, ymm(i), ymm(i), ymm(15));
            }
        }
        // of fewer rows than four some are added up again, and not stored
        int second = first + Math.min(1, rows - 1);
        int third = first + Math.min(2, rows - 1);
        int fourth = first + Math.min(3, rows - 1);
        a.emit(VPHADDD, ymm(14), ymm(first), ymm(second));
        a.emit(VPHADDD, ymm(15), ymm(third), ymm(fourth));
        a.emit(VPHADDD, ymm(14), ymm(14), ymm(15));
        a.emit(VEXTRACTI128, xmm(15), ymm(14), imm(1));
        a.emit(VPADDD, xmm(14), xmm(14), xmm(15));
        switch (rows) {
            case 1 -> a.emit(VMOVD, results, xmm(14));
            case 2 -> a.emit(VMOVQ, results, xmm(14));
            default -> a.emit(VMOVDQU, results, xmm(14));
        }
    }
}

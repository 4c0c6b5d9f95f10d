// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.GeneralOp.ADD;
import static io.jquant.codegen.x86.GeneralOp.CMOVB;
import static io.jquant.codegen.x86.GeneralOp.CMP;
import static io.jquant.codegen.x86.GeneralOp.IMUL;
import static io.jquant.codegen.x86.GeneralOp.JAE;
import static io.jquant.codegen.x86.GeneralOp.JB;
import static io.jquant.codegen.x86.GeneralOp.JMP;
import static io.jquant.codegen.x86.GeneralOp.JZ;
import static io.jquant.codegen.x86.GeneralOp.LEA;
import static io.jquant.codegen.x86.GeneralOp.MOV;
import static io.jquant.codegen.x86.GeneralOp.PREFETCHT0;
import static io.jquant.codegen.x86.GeneralOp.SUB;
import static io.jquant.codegen.x86.GeneralOp.TEST;
import static io.jquant.codegen.x86.GeneralOp.XOR;
import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.Mem.at;

import io.jquant.VectorScoringSpec;
import io.jquant.codegen.x86.CallingConvention;
import io.jquant.codegen.x86.Frame;
import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Label;
import io.jquant.codegen.x86.Mem;
import io.jquant.codegen.x86.Vec;
import io.jquant.codegen.x86.X86Assembler;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores rows in groups of four, two and one, while the next group comes from memory. Arguments: code, query, rows,
 * ordinals, results; then how many, rows of the table, bytes from products to norms. Returns 0, or 1 for an ordinal
 * that is not of the table.
 */
final class ScoringCode {
    /** Rows of a whole group. */
    static final int GROUP = 4;

    private static final Gpr QUERY = Gpr.RAX;
    private static final Gpr ROWS = Gpr.RCX;
    private static final Gpr ORDINALS = Gpr.RDX;
    private static final Gpr RESULTS = Gpr.RBX;
    private static final Gpr LEFT = Gpr.RSI;
    private static final Gpr LIMIT = Gpr.RDI;
    private static final Gpr AT = Gpr.RBP;
    private static final List<Gpr> ROW = List.of(Gpr.R8, Gpr.R9, Gpr.R10, Gpr.R11);
    private static final List<Gpr> NEXT = List.of(Gpr.R12, Gpr.R13, Gpr.R14, Gpr.R15);
    private static final List<Gpr> USED = List.of(QUERY, ROWS, ORDINALS, RESULTS, LEFT, LIMIT, AT, ROW.get(0),
            ROW.get(1), ROW.get(2), ROW.get(3), NEXT.get(0), NEXT.get(1), NEXT.get(2), NEXT.get(3));
    /** Bytes that a loop does at a time. */
    private static final int BLOCK = 64;

    private final X86Assembler a = new X86Assembler();
    private final VectorScoringSpec spec;
    private final ScoringArithmetic arithmetic;
    private final Frame frame;

    ScoringCode(VectorScoringSpec spec, ScoringArithmetic arithmetic) {
        this.spec = spec;
        this.arithmetic = arithmetic;
        List<Vec> vectors = IntStream.range(0, 32).mapToObj(Vec::xmm).toList();
        frame = new Frame(CallingConvention.current(), USED, vectors, 0);
    }

    /** The code; the dimension must be at least {@link ScoringArithmetic#step}. */
    byte[] assemble() {
        enter();
        arithmetic.prepare(a);
        query();
        Label whole = a.label();
        Label rest = a.label();
        Label single = a.label();
        Label done = a.label();
        Label bad = a.label();
        a.bind(whole);
        a.emit(CMP, LEFT, imm(GROUP));
        a.emit(JB, rest);
        addresses(GROUP, bad);
        next();
        group(GROUP);
        a.emit(JMP, whole);
        a.bind(rest);
        a.emit(TEST, LEFT, imm(2));
        a.emit(JZ, single);
        addresses(2, bad);
        group(2);
        a.bind(single);
        a.emit(TEST, LEFT, imm(1));
        a.emit(JZ, done);
        addresses(1, bad);
        group(1);
        a.bind(done);
        a.emit(XOR, Gpr.EAX, Gpr.EAX);
        frame.leave(a);
        a.bind(bad);
        a.emit(MOV, Gpr.EAX, imm(1));
        frame.leave(a);
        arithmetic.constants(a);
        return a.assemble();
    }

    private void enter() {
        frame.enter(a);
        // results first: its register holds no argument, and those that follow free theirs in time
        a.emit(MOV, RESULTS, frame.argument(4));
        a.emit(MOV, ROW.get(2), frame.argument(1));
        a.emit(MOV, ROW.get(3), frame.argument(2));
        a.emit(MOV, NEXT.get(0), frame.argument(3));
        a.emit(MOV, NEXT.get(1), frame.argument(5));
        a.emit(MOV, LIMIT, frame.argument(6));
        a.emit(MOV, QUERY, ROW.get(2));
        a.emit(MOV, ROWS, ROW.get(3));
        a.emit(MOV, ORDINALS, NEXT.get(0));
        a.emit(MOV, LEFT, NEXT.get(1));
    }

    /** What is known from the query alone. */
    private void query() {
        if (!arithmetic.wantsQuery()) {
            return;
        }
        steps((index, offset, tail) -> arithmetic.query(a, place(QUERY, index, offset), tail), () -> { });
    }

    private interface Step {
        void append(Gpr index, int offset, boolean tail);
    }

    /** Appends all steps of a row: whole blocks in a loop, the rest one by one. */
    private void steps(Step step, Runnable behindBlock) {
        int size = arithmetic.step();
        int blocks = spec.dimension() / BLOCK * BLOCK;
        if (blocks > 0) {
            a.emit(XOR, AT.as(32), AT.as(32));
            a.align(16);
            Label block = a.here();
            for (int offset = 0; offset < BLOCK; offset += size) {
                step.append(AT, offset, false);
            }
            behindBlock.run();
            a.emit(ADD, AT, imm(BLOCK));
            a.emit(CMP, AT, imm(blocks));
            a.emit(JB, block);
        }
        for (int offset = blocks; offset + size <= spec.dimension(); offset += size) {
            step.append(null, offset, false);
        }
        if (spec.dimension() % size != 0) {
            step.append(null, spec.dimension() - size, true);
        }
    }

    private void addresses(int rows, Label bad) {
        for (int i = 0; i < rows; i++) {
            Gpr row = ROW.get(i);
            a.emit(MOV, row.as(32), at(ORDINALS, 4 * i));
            a.emit(CMP, row, LIMIT);
            a.emit(JAE, bad);
            a.emit(IMUL, row, row, imm(spec.rowStride()));
            a.emit(ADD, row, ROWS);
        }
    }

    /** Rows to be fetched: the next ones, the last one again where there are fewer. Only fetched, so not checked. */
    private void next() {
        for (int i = 0; i < GROUP; i++) {
            Gpr row = NEXT.get(i);
            a.emit(LEA, row, at(LEFT, -1));
            a.emit(MOV, AT.as(32), imm(GROUP + i));
            a.emit(CMP, AT, row);
            a.emit(CMOVB, row, AT);
            a.emit(MOV, row.as(32), at(ORDINALS, row, 4, 0));
            a.emit(IMUL, row, row, imm(spec.rowStride()));
            a.emit(ADD, row, ROWS);
        }
    }

    private void group(int rows) {
        arithmetic.begin(a, rows);
        steps((index, offset, tail) -> {
            arithmetic.loadQuery(a, place(QUERY, index, offset), tail);
            for (int i = 0; i < rows; i++) {
                arithmetic.row(a, i, place(ROW.get(i), index, offset), tail);
            }
        }, () -> fetch(rows));
        finish(rows);
    }

    private void fetch(int rows) {
        if (rows == GROUP) {
            NEXT.forEach(row -> a.emit(PREFETCHT0, at(row, AT, 1, 0)));
        }
    }

    private static Mem place(Gpr base, Gpr index, int offset) {
        return index == null ? at(base, offset) : at(base, index, 1, offset);
    }

    private void finish(int rows) {
        arithmetic.store(a, rows, at(RESULTS));
        if (spec.metric().results() > 1) {
            a.emit(MOV, AT, frame.argument(7));
            arithmetic.storeNorms(a, rows, at(RESULTS, AT, 1, 0));
        }
        a.emit(ADD, RESULTS, imm(4L * rows));
        a.emit(ADD, ORDINALS, imm(4L * rows));
        if (rows == GROUP) {
            a.emit(SUB, LEFT, imm(rows));
        }
    }
}

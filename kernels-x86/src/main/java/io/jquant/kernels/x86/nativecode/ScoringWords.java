// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.IntegerOp.VPADDD;
import static io.jquant.codegen.x86.IntegerOp.VPAND;
import static io.jquant.codegen.x86.IntegerOp.VPANDD;
import static io.jquant.codegen.x86.IntegerOp.VPMADDWD;
import static io.jquant.codegen.x86.IntegerOp.VPSUBW;
import static io.jquant.codegen.x86.IntegerOp.VPXOR;
import static io.jquant.codegen.x86.IntegerOp.VPXORD;
import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.MoveOp.VPMOVSXBW;
import static io.jquant.codegen.x86.MoveOp.VPMOVZXBW;

import io.jquant.DataType;
import io.jquant.VectorScoringSpec;
import io.jquant.codegen.x86.IntegerOp;
import io.jquant.codegen.x86.Label;
import io.jquant.codegen.x86.Mem;
import io.jquant.codegen.x86.MoveOp;
import io.jquant.codegen.x86.Vec;
import io.jquant.codegen.x86.X86Assembler;

/** Every metric with {@code vpmaddwd} on 16-bit elements, which is exact whatever the values. */
final class ScoringWords extends ScoringArithmetic {
    private final VectorScoringSpec spec;
    private final int step;
    private final Vec query;
    private final Vec values;
    private final Vec squares;
    private final MoveOp widenRow;
    private Label mask;

    ScoringWords(VectorScoringSpec spec, int bits) {
        super(bits);
        this.spec = spec;
        step = bits / 16;
        query = new Vec(8, bits);
        values = new Vec(9, bits);
        squares = new Vec(10, bits);
        widenRow = spec.rowType() == DataType.U8 ? VPMOVZXBW : VPMOVSXBW;
    }

    @Override
    int step() {
        return step;
    }

    @Override
    void prepare(X86Assembler a) {
        mask = a.label();
    }

    @Override
    void begin(X86Assembler a, int rows) {
        IntegerOp xor = bits() == 512 ? VPXORD : VPXOR;
        for (int i = 0; i < rows; i++) {
            Vec sum = new Vec(i, bits());
            a.emit(xor, sum, sum, sum);
            Vec norm = new Vec(NORMS + i, bits());
            if (spec.metric() == VectorScoringSpec.Metric.PRODUCT_AND_NORM) {
                a.emit(xor, norm, norm, norm);
            }
        }
    }

    private void keepTail(X86Assembler a, Vec words) {
        a.emit(bits() == 512 ? VPANDD : VPAND, words, words, at(mask));
    }

    @Override
    void loadQuery(X86Assembler a, Mem from, boolean tail) {
        a.emit(VPMOVSXBW, query, from);
        if (tail) {
            keepTail(a, query);
        }
    }

    @Override
    void row(X86Assembler a, int row, Mem from, boolean tail) {
        a.emit(widenRow, values, from);
        if (tail && spec.metric() != VectorScoringSpec.Metric.PRODUCT) {
            keepTail(a, values);
        }
        switch (spec.metric()) {
            case PRODUCT -> add(a, row, query);
            case SQUARED_DISTANCE -> {
                a.emit(VPSUBW, values, query, values);
                add(a, row, values);
            }
            case PRODUCT_AND_NORM -> {
                add(a, row, query);
                add(a, NORMS + row, values);
            }
        }
    }

    private void add(X86Assembler a, int sum, Vec factor) {
        Vec total = new Vec(sum, bits());
        a.emit(VPMADDWD, squares, values, factor);
        a.emit(VPADDD, total, total, squares);
    }

    @Override
    void constants(X86Assembler a) {
        a.align(64);
        a.bind(mask);
        for (int i = 0; i < step; i++) {
            byte bits = (byte) (i < step - spec.dimension() % step ? 0 : 0xFF);
            a.data(bits, bits);
        }
    }
}

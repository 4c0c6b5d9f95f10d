// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.IntegerOp.VPADDD;
import static io.jquant.codegen.x86.IntegerOp.VPADDW;
import static io.jquant.codegen.x86.IntegerOp.VPAND;
import static io.jquant.codegen.x86.IntegerOp.VPANDD;
import static io.jquant.codegen.x86.IntegerOp.VPDPBUSD;
import static io.jquant.codegen.x86.IntegerOp.VPDPBUSD_VEX;
import static io.jquant.codegen.x86.IntegerOp.VPMADDUBSW;
import static io.jquant.codegen.x86.IntegerOp.VPMADDWD;
import static io.jquant.codegen.x86.IntegerOp.VPSRLW;
import static io.jquant.codegen.x86.IntegerOp.VPXOR;
import static io.jquant.codegen.x86.IntegerOp.VPXORD;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU32;
import static io.jquant.codegen.x86.MoveOp.VPBROADCASTD;

import io.jquant.codegen.x86.Mem;
import io.jquant.codegen.x86.Vec;
import io.jquant.codegen.x86.X86Assembler;

/** What products of halves of bytes and s8 are summed with. The panel is two vectors wide. */
enum GroupedDot {
    /** {@code vpdpbusd} on 512 bits. */
    AVX512_VNNI(512, 6),
    /** {@code vpdpbusd} on 256 bits. */
    AVX_VNNI(256, 2),
    /** {@code vpmaddubsw}: two products of 15 * 127 fit 16 bits, and so do four. */
    AVX2(256, 2);

    private static final int NIBBLE = 4;

    private final int bits;
    private final int rows;

    GroupedDot(int bits, int rows) {
        this.bits = bits;
        this.rows = rows;
    }

    /** Rows of a tile. */
    int rows() {
        return rows;
    }

    /** Columns of a panel. */
    int columns() {
        return 2 * bits / Float.SIZE;
    }

    /** Bytes of a vector. */
    int bytes() {
        return bits / Byte.SIZE;
    }

    private boolean isWide() {
        return bits == 512;
    }

    Vec vector(int number) {
        return new Vec(number, bits);
    }

    /** The sums of floats of a row. */
    Vec real(int row, int half) {
        return vector(2 * row + half);
    }

    /** The sums of integers of a row. */
    Vec whole(int row, int half) {
        return vector(2 * (rows + row) + half);
    }

    /** One of six vectors for whatever is at hand: the first four hold weights. */
    Vec temporary(int number) {
        return vector(4 * rows + number);
    }

    /** Holds 15 in every byte. */
    Vec mask() {
        return vector(4 * rows + 6);
    }

    /** Holds 1 in every word; for {@link #AVX2} only. */
    Vec ones() {
        return vector(4 * rows + 7);
    }

    void clear(X86Assembler a, Vec vector) {
        a.emit(isWide() ? VPXORD : VPXOR, vector, vector, vector);
    }

    void load(X86Assembler a, Vec to, Mem from) {
        a.emit(isWide() ? VMOVDQU32 : VMOVDQU, to, from);
    }

    /** Takes the halves of bytes apart, each into bytes. */
    void split(X86Assembler a, Vec low, Vec high, Mem from) {
        load(a, high, from);
        a.emit(isWide() ? VPANDD : VPAND, low, high, mask());
        a.emit(VPSRLW, high, high, imm(NIBBLE));
        a.emit(isWide() ? VPANDD : VPAND, high, high, mask());
    }

    /** Adds the products of a row's eight terms and the weights in the first temporaries: low, high, low, high. */
    void add(X86Assembler a, int row, Mem terms) {
        if (this == AVX2) {
            addPairs(a, row, 0, terms);
            addPairs(a, row, 1, terms);
            return;
        }
        for (int high = 0; high < 2; high++) {
            Vec four = temporary(4 + high);
            a.emit(VPBROADCASTD, four, terms.plus(4 * high));
            for (int half = 0; half < 2; half++) {
                a.emit(isWide() ? VPDPBUSD : VPDPBUSD_VEX, whole(row, half), temporary(2 * half + high), four);
            }
        }
    }

    private void addPairs(X86Assembler a, int row, int half, Mem terms) {
        Vec sums = temporary(4);
        Vec four = temporary(5);
        a.emit(VPBROADCASTD, four, terms);
        a.emit(VPMADDUBSW, sums, temporary(2 * half), four);
        a.emit(VPBROADCASTD, four, terms.plus(4));
        a.emit(VPMADDUBSW, four, temporary(2 * half + 1), four);
        a.emit(VPADDW, sums, sums, four);
        a.emit(VPMADDWD, sums, sums, ones());
        a.emit(VPADDD, whole(row, half), whole(row, half), sums);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.GeneralOp.ADD;
import static io.jquant.codegen.x86.GeneralOp.BZHI;
import static io.jquant.codegen.x86.GeneralOp.CMP;
import static io.jquant.codegen.x86.GeneralOp.DEC;
import static io.jquant.codegen.x86.GeneralOp.JAE;
import static io.jquant.codegen.x86.GeneralOp.JMP;
import static io.jquant.codegen.x86.GeneralOp.JZ;
import static io.jquant.codegen.x86.GeneralOp.LEA;
import static io.jquant.codegen.x86.GeneralOp.MOV;
import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.IntegerOp.VPADDSW;
import static io.jquant.codegen.x86.IntegerOp.VPDPBUSD;
import static io.jquant.codegen.x86.IntegerOp.VPMAXSB;
import static io.jquant.codegen.x86.IntegerOp.VPMAXUB;
import static io.jquant.codegen.x86.IntegerOp.VPXORD;
import static io.jquant.codegen.x86.Mask.k;
import static io.jquant.codegen.x86.MaskOp.KMOVQ;
import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU32;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU8;
import static io.jquant.codegen.x86.ShuffleOp.VEXTRACTI32X4;
import static io.jquant.codegen.x86.ShuffleOp.VINSERTI32X4;
import static io.jquant.codegen.x86.ShuffleOp.VPACKSSDW;
import static io.jquant.codegen.x86.ShuffleOp.VPACKSSWB;
import static io.jquant.codegen.x86.ShuffleOp.VPACKUSWB;
import static io.jquant.codegen.x86.ShuffleOp.VPUNPCKHBW;
import static io.jquant.codegen.x86.ShuffleOp.VPUNPCKHWD;
import static io.jquant.codegen.x86.ShuffleOp.VPUNPCKLBW;
import static io.jquant.codegen.x86.ShuffleOp.VPUNPCKLWD;
import static io.jquant.codegen.x86.ShuffleOp.VSHUFI32X4;
import static io.jquant.codegen.x86.Vec.xmm;

import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Label;
import io.jquant.codegen.x86.Mask;
import io.jquant.codegen.x86.Mem;
import io.jquant.codegen.x86.Operand;
import io.jquant.codegen.x86.Vec;
import io.jquant.kernels.common.CodeStage;
import io.jquant.kernels.common.DepthwiseShape;
import java.util.ArrayList;
import java.util.List;

/**
 * Depthwise convolutions with {@code vpdpbusd}, 64 channels at a time on 512 bits, or 32 on 256 bits. Four rows of a
 * column of the input become the four bytes of a product, once for all outputs that the column reaches: those are
 * summed side by side, and each is stored when its last column has passed. Of images with few channels several pixels
 * are computed at a time, as if they were more channels of one.
 */
final class ColumnsCode extends DepthwiseCode {
    /** Channels at a time, of the wide code and of that for what is left. */
    static final int CHANNELS = 64;
    static final int FEW_CHANNELS = 32;

    private static final Gpr STRIDE = Gpr.R8;
    private static final Gpr STRIDE3 = Gpr.R9;
    private static final Gpr STRIDE5 = Gpr.R11;
    private static final Gpr PIXEL = Gpr.RSI;
    private static final Mask STORED = k(1);
    /** Of the last pixels of a row. */
    private static final Mask LAST = k(2);
    /** Vectors of sums of a pixel, and of a column. */
    private static final int PARTS = 4;
    private static final int MOST_ALIVE = 5;
    private static final int MOST_ROWS = 7;
    private static final int MOST_STEP = 8;
    /** Of the 128-bit blocks of two vectors those with even, and those with odd numbers. */
    private static final int EVEN = 0b10_00_10_00;
    private static final int ODD = 0b11_01_11_01;

    private final int channels;
    private final int height;
    private final int width;
    private final int step;
    private final int pixels;
    private final List<Last> lasts = new ArrayList<>();
    private final int alive;
    private final int temporary;
    private final Vec zero;

    /** Where the last pixels of a row are stored, from a register. */
    private record Last(Label label, Vec bytes) {
    }

    /**
     * @param stage the output stage
     * @param channels how many channels are computed at a time
     * @param height rows of the window
     * @param width columns of the window
     * @param step columns from one output to the next: with several pixels at a time their number
     * @param pixels how many pixels are computed at a time: more than one only for quantized output, on 512 bits
     */
    ColumnsCode(CodeStage stage, int channels, int height, int width, int step, int pixels) {
        super(stage, Byte.SIZE * channels, channels);
        this.channels = channels;
        this.height = height;
        this.width = width;
        this.step = step;
        this.pixels = pixels;
        this.alive = alive(width, step);
        temporary = PARTS * alive;
        zero = v(temporary + 6);
    }

    /** How many outputs a column reaches at most. */
    private static int alive(int width, int step) {
        return (width - 1) / step + 1;
    }

    /** Whether there is such code for a convolution. */
    static boolean fits(DepthwiseShape shape) {
        return shape.narrow() && shape.kernel().depth() == 1 && shape.kernel().height() <= MOST_ROWS
                && shape.dilationHeight() == 1 && shape.dilationWidth() == 1 && shape.strideWidth() <= MOST_STEP
                && alive(shape.kernel().width(), shape.strideWidth()) <= MOST_ALIVE;
    }

    /** How many pixels of a row are computed at a time. */
    static int pixels(DepthwiseShape shape) {
        int channels = shape.channels();
        return shape.strideWidth() == 1 && (channels == CHANNELS / 2 || channels == CHANNELS / 4)
                ? CHANNELS / channels : 1;
    }

    /** Groups of four rows. */
    static int groups(int height) {
        return Math.ceilDiv(height, 4);
    }

    @Override
    void prepareChannels() {
        a.emit(MOV, Gpr.RAX, imm(-1));
        a.emit(MOV, Gpr.RCX, argument(DepthwiseArguments.CHANNELS));
        Label full = a.label();
        a.emit(CMP, Gpr.RCX, imm(channels));
        a.emit(JAE, full.near());
        a.emit(BZHI, Gpr.RAX, Gpr.RAX, Gpr.RCX);
        a.bind(full);
        a.emit(KMOVQ, STORED, Gpr.RAX);
        if (pixels > 1) {
            a.emit(KMOVQ, LAST, argument(DepthwiseArguments.LAST_MASK));
        }
        a.emit(MOV, STRIDE, argument(DepthwiseArguments.ROW_STRIDE));
        a.emit(LEA, STRIDE3, at(STRIDE, STRIDE, 2, 0));
        a.emit(LEA, STRIDE5, at(STRIDE, STRIDE, 4, 0));
        a.emit(MOV, PIXEL, argument(DepthwiseArguments.PIXEL_STRIDE));
        a.emit(MOV, WEIGHTS, argument(DepthwiseArguments.WEIGHTS));
        a.emit(VPXORD, zero, zero, zero);
        for (int i = 0; i < kept(); i++) {
            a.emit(VMOVDQU32, v(zero.number() + 1 + i), at(WEIGHTS, channels * i));
        }
    }

    @Override
    void orderTerms(Gpr from, int to) {
        if (channels == FEW_CHANNELS) {
            for (int i = 0; i < PARTS; i++) {
                a.emit(VMOVDQU32, xmm(i), at(from, 16 * i));
                a.emit(VINSERTI32X4, v(i), v(i), at(from, 16 * (PARTS + i)), imm(1));
                a.emit(VMOVDQU32, vector(to + channels * i), v(i));
            }
            return;
        }
        for (int i = 0; i < PARTS; i++) {
            a.emit(VMOVDQU32, v(i), at(from, channels * (i % (PARTS / pixels))));
        }
        transpose(0, vector(to));
    }

    /** How many vectors of weights stay in registers. */
    private int kept() {
        return Math.min(PARTS * width * groups(height), 31 - zero.number());
    }

    private Operand weights(int group, int column, int part) {
        int index = (group * width + column) * PARTS + part;
        return index < kept() ? v(zero.number() + 1 + index) : at(WEIGHTS, channels * index);
    }

    /** Appends the storing of the transposed 4 x 4 blocks of four vectors: sums in order, or terms as sums are. */
    private void transpose(int first, Mem to) {
        Vec low = v(temporary);
        Vec high = v(temporary + 1);
        Vec result = v(temporary + 2);
        for (int odd = 0; odd < 2; odd++) {
            int blocks = odd == 0 ? EVEN : ODD;
            a.emit(VSHUFI32X4, low, v(first), v(first + 1), imm(blocks));
            a.emit(VSHUFI32X4, high, v(first + 2), v(first + 3), imm(blocks));
            a.emit(VSHUFI32X4, result, low, high, imm(EVEN));
            a.emit(VMOVDQU32, to.plus(64 * odd), result);
            a.emit(VSHUFI32X4, result, low, high, imm(ODD));
            a.emit(VMOVDQU32, to.plus(64 * (odd + 2)), result);
        }
    }

    @Override
    void row() {
        Label done = a.label();
        // outputs whose first columns have passed, but not yet the last of any
        for (int time = 0; time < alive - 1; time++) {
            columns(time, time, done);
        }
        a.align(32);
        Label loop = a.here();
        for (int i = 0; i < alive; i++) {
            columns(alive - 1 + i, alive, done);
        }
        a.emit(JMP, loop);
        for (Last last : lasts) {
            a.bind(last.label());
            a.emit(VMOVDQU8, at(OUT).merge(LAST), last.bytes());
            a.emit(ADD, OUT, argument(DepthwiseArguments.LAST_BYTES));
            a.emit(JMP, done);
        }
        a.bind(done);
    }

    /** Appends as many columns as lie between two outputs; {@code earlier} outputs before the newest take part. */
    private void columns(int time, int earlier, Label done) {
        begin(time % alive * PARTS);
        for (int i = 0; i < step; i++) {
            if (i < width) {
                column(time, i, earlier);
            }
            a.emit(ADD, IN, PIXEL);
            if (i == (width - 1) % step && earlier >= alive - 1 && time >= alive - 1) {
                finish((time + 1) % alive * PARTS);
                a.emit(DEC, COUNT);
                a.emit(JZ, done);
            }
        }
    }

    private void begin(int sums) {
        for (int part = 0; part < PARTS; part++) {
            if (isRaw()) {
                a.emit(VPXORD, v(sums + part), v(sums + part), v(sums + part));
            } else {
                a.emit(VMOVDQU32, v(sums + part), vector(DepthwiseArguments.INITIALS + channels * part));
            }
        }
    }

    private void column(int time, int first, int earlier) {
        for (int group = 0; group < groups(height); group++) {
            int[] parts = interleave(4 * group, Math.min(4, height - 4 * group));
            for (int ago = 0; ago <= earlier && first + ago * step < width; ago++) {
                int sums = (time - ago) % alive * PARTS;
                for (int part = 0; part < PARTS; part++) {
                    a.emit(VPDPBUSD, v(sums + part), v(parts[part]), weights(group, first + ago * step, part));
                }
            }
        }
    }

    /** Appends the interleaving of up to four rows of a column; returns where its four parts are. */
    private int[] interleave(int firstRow, int rows) {
        Vec[] t = new Vec[6];
        for (int i = 0; i < t.length; i++) {
            t[i] = v(temporary + i);
        }
        for (int i = 0; i < rows; i++) {
            a.emit(VMOVDQU8, t[i], row(firstRow + i));
        }
        Vec second = rows > 1 ? t[1] : zero;
        a.emit(VPUNPCKLBW, t[4], t[0], second);
        a.emit(VPUNPCKHBW, t[5], t[0], second);
        Vec low = zero;
        Vec high = zero;
        if (rows > 2) {
            Vec fourth = rows > 3 ? t[3] : zero;
            low = t[0];
            high = t[1];
            a.emit(VPUNPCKLBW, low, t[2], fourth);
            a.emit(VPUNPCKHBW, high, t[2], fourth);
        }
        a.emit(VPUNPCKLWD, t[2], t[4], low);
        a.emit(VPUNPCKHWD, t[3], t[4], low);
        a.emit(VPUNPCKLWD, t[4], t[5], high);
        a.emit(VPUNPCKHWD, t[5], t[5], high);
        return new int[] {temporary + 2, temporary + 3, temporary + 4, temporary + 5};
    }

    private static Mem row(int row) {
        return switch (row) {
            case 0 -> at(IN);
            case 1, 2, 4 -> at(IN, STRIDE, row, 0);
            case 3, 6 -> at(IN, STRIDE3, row / 3, 0);
            case 5 -> at(IN, STRIDE5, 1, 0);
            default -> throw new IllegalArgumentException("row = " + row + ": must be 0 to " + (MOST_ROWS - 1));
        };
    }

    private void finish(int sums) {
        if (isRaw() && channels == FEW_CHANNELS) {
            for (int part = 0; part < PARTS; part++) {
                a.emit(VMOVDQU32, at(OUT, 16 * part), xmm(sums + part));
                a.emit(VEXTRACTI32X4, at(OUT, 16 * (PARTS + part)), v(sums + part), imm(1));
            }
        } else if (isRaw()) {
            transpose(sums, at(OUT));
        } else {
            for (int part = 0; part < PARTS; part++) {
                scale(v(sums + part), part);
            }
            boolean signed = stage.output() == CodeStage.Output.S8;
            for (int part = 0; part < PARTS; part += 2) {
                Vec words = v(sums + part);
                a.emit(VPACKSSDW, words, words, v(sums + part + 1));
                a.emit(VPADDSW, words, words, vector(DepthwiseArguments.ZERO_POINT_WORDS));
            }
            Vec bytes = v(sums);
            a.emit(signed ? VPACKSSWB : VPACKUSWB, bytes, bytes, v(sums + 2));
            a.emit(signed ? VPMAXSB : VPMAXUB, bytes, bytes, vector(DepthwiseArguments.SMALLEST_BYTES));
            if (pixels > 1) {
                Last last = new Last(a.label(), bytes);
                lasts.add(last);
                a.emit(CMP, COUNT, imm(1));
                a.emit(JZ, last.label());
            }
            a.emit(VMOVDQU8, at(OUT).merge(STORED), bytes);
        }
        a.emit(ADD, OUT, OUT_STRIDE);
    }
}

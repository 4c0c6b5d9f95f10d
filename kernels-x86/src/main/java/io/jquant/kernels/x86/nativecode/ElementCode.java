// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.FloatOp.VADDPS;
import static io.jquant.codegen.x86.FloatOp.VMULPS;
import static io.jquant.codegen.x86.FloatOp.VSUBPS;
import static io.jquant.codegen.x86.GeneralOp.ADD;
import static io.jquant.codegen.x86.GeneralOp.CMP;
import static io.jquant.codegen.x86.GeneralOp.DEC;
import static io.jquant.codegen.x86.GeneralOp.JAE;
import static io.jquant.codegen.x86.GeneralOp.JB;
import static io.jquant.codegen.x86.GeneralOp.JNZ;
import static io.jquant.codegen.x86.GeneralOp.JZ;
import static io.jquant.codegen.x86.GeneralOp.LEA;
import static io.jquant.codegen.x86.GeneralOp.MOV;
import static io.jquant.codegen.x86.GeneralOp.MOVZX;
import static io.jquant.codegen.x86.GeneralOp.SUB;
import static io.jquant.codegen.x86.GeneralOp.TEST;
import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.IntegerOp.VPADDD;
import static io.jquant.codegen.x86.IntegerOp.VPAND;
import static io.jquant.codegen.x86.IntegerOp.VPANDD;
import static io.jquant.codegen.x86.IntegerOp.VPMULLD;
import static io.jquant.codegen.x86.IntegerOp.VPSRAD;
import static io.jquant.codegen.x86.IntegerOp.VPSRAVD;
import static io.jquant.codegen.x86.IntegerOp.VPSUBD;
import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU;
import static io.jquant.kernels.x86.nativecode.ElementNumber.FACTOR;
import static io.jquant.kernels.x86.nativecode.ElementNumber.INITIAL;
import static io.jquant.kernels.x86.nativecode.ElementNumber.LEFT_SCALE;
import static io.jquant.kernels.x86.nativecode.ElementNumber.LEFT_ZERO;
import static io.jquant.kernels.x86.nativecode.ElementNumber.MASK;
import static io.jquant.kernels.x86.nativecode.ElementNumber.RIGHT_SCALE;
import static io.jquant.kernels.x86.nativecode.ElementNumber.RIGHT_ZERO;
import static io.jquant.kernels.x86.nativecode.ElementNumber.ROUNDED_UP;
import static io.jquant.kernels.x86.nativecode.ElementNumber.SHIFT;
import static io.jquant.kernels.x86.nativecode.ElementVectors.ARGUMENTS;

import io.jquant.codegen.x86.CallingConvention;
import io.jquant.codegen.x86.Frame;
import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Label;
import io.jquant.codegen.x86.Vec;
import io.jquant.codegen.x86.X86Assembler;
import io.jquant.kernels.common.ElementArguments;
import io.jquant.kernels.common.ElementShape;
import io.jquant.kernels.common.ElementShape.Element;
import io.jquant.kernels.common.ElementShape.Function;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The loop over rows and their elements: loads a block, computes, stores it. A last block that is not whole is
 * masked on 512 bits; on 256 it goes through memory of the kernel's own. Arguments: code, input, output, right input
 * or table, and {@link ElementArguments}.
 */
final class ElementCode {
    private static final Gpr INPUT = Gpr.R11;
    private static final Gpr OUTPUT = Gpr.RAX;
    private static final Gpr RIGHT = Gpr.R9;
    private static final Gpr COUNT = Gpr.R8;
    private static final Gpr SCRATCH = Gpr.RCX;
    private static final Gpr KEPT = Gpr.RDX;
    private static final Gpr FROM = Gpr.RSI;
    private static final Gpr TO = Gpr.RDI;
    private static final List<Gpr> USED = List.of(ARGUMENTS, INPUT, OUTPUT, RIGHT, COUNT, SCRATCH, KEPT, FROM, TO);
    private static final int LEFT_VECTORS = 0;
    private static final int RIGHT_VECTORS = 4;

    /** Room for a last block of each operand, on 256 bits. */
    private static final int LAST_INPUT = ElementArguments.OWN + 480;
    private static final int LAST_RIGHT = ElementArguments.OWN + 608;
    private static final int LAST_OUTPUT = ElementArguments.OWN + 672;

    private final X86Assembler a = new X86Assembler();
    private final ElementShape shape;
    private final boolean wide;
    /** How many elements are done at a time. */
    private final int block;
    private final ElementVectors vectors;
    private final TableCode table;

    /**
     * What the code depends on.
     *
     * @param elements whatever the instruction set
     * @param wide whether vectors have 512 bits, and not 256
     * @param permutesBytes whether there are permutations of the bytes of two registers (AVX512_VBMI)
     */
    record Shape(ElementShape elements, boolean wide, boolean permutesBytes) {
    }

    ElementCode(Shape shape) {
        this.shape = shape.elements();
        wide = shape.wide();
        vectors = new ElementVectors(a, wide);
        block = vectors.bytes();
        table = new TableCode(a, vectors, shape);
    }

    /** The code. */
    byte[] assemble() {
        List<Vec> used = IntStream.range(0, 32).mapToObj(Vec::xmm).toList();
        Frame frame = new Frame(CallingConvention.current(), USED, used, 0);
        frame.enter(a);
        enter(frame);
        Label row = a.here();
        row();
        a.emit(DEC, at(ARGUMENTS, ElementArguments.ROWS).bytes(Long.BYTES));
        a.emit(JNZ, row);
        frame.leave(a);
        if (shape.function() == Function.TABLE) {
            table.constants();
        } else {
            vectors.constants();
        }
        return a.assemble();
    }

    private void row() {
        a.emit(MOV, COUNT, at(ARGUMENTS, ElementArguments.COUNT));
        startRow(INPUT, ElementArguments.INPUT, ElementArguments.INPUT_ROW);
        startRow(OUTPUT, ElementArguments.OUTPUT, ElementArguments.OUTPUT_ROW);
        if (shape.right() != null) {
            startRow(RIGHT, ElementArguments.RIGHT, ElementArguments.RIGHT_ROW);
        }
        Label last = a.label();
        Label done = a.label();
        a.emit(CMP, COUNT, imm(block));
        a.emit(JB, last);
        a.align(16);
        Label whole = a.here();
        block(false);
        a.emit(ADD, OUTPUT, imm((long) block * shape.output().bytes()));
        a.emit(ADD, INPUT, at(ARGUMENTS, ElementArguments.INPUT_STEP));
        if (shape.right() != null) {
            a.emit(ADD, RIGHT, at(ARGUMENTS, ElementArguments.RIGHT_STEP));
        }
        a.emit(SUB, COUNT, imm(block));
        a.emit(CMP, COUNT, imm(block));
        a.emit(JAE, whole);
        a.bind(last);
        a.emit(TEST, COUNT, COUNT);
        a.emit(JZ, done);
        if (wide) {
            vectors.masks(COUNT, SCRATCH);
            block(true);
        } else {
            lastBlock();
        }
        a.bind(done);
    }

    /** Appends the loading of where an operand's row begins, which then is the next row. */
    private void startRow(Gpr to, int address, int stride) {
        a.emit(MOV, to, at(ARGUMENTS, address));
        a.emit(MOV, SCRATCH, at(ARGUMENTS, stride));
        a.emit(ADD, SCRATCH, to);
        a.emit(MOV, at(ARGUMENTS, address), SCRATCH);
    }

    private void enter(Frame frame) {
        a.emit(MOV, ARGUMENTS, frame.argument(4));
        a.emit(MOV, INPUT, frame.argument(1));
        a.emit(MOV, OUTPUT, frame.argument(2));
        a.emit(MOV, RIGHT, frame.argument(3));
        a.emit(ADD, at(ARGUMENTS, ElementArguments.INPUT), INPUT);
        a.emit(ADD, at(ARGUMENTS, ElementArguments.OUTPUT), OUTPUT);
        if (shape.function() == Function.TABLE) {
            table.prepare(RIGHT);
            return;
        }
        if (shape.right() != null) {
            a.emit(ADD, at(ARGUMENTS, ElementArguments.RIGHT), RIGHT);
        }
        vectors.prepare();
    }

    /** Appends a block by way of memory that can be read and written to a block's full width. */
    private void lastBlock() {
        copy(INPUT, 0, ARGUMENTS, LAST_INPUT, shape.left().bytes());
        a.emit(LEA, INPUT, at(ARGUMENTS, LAST_INPUT));
        if (shape.right() != null) {
            copy(RIGHT, 0, ARGUMENTS, LAST_RIGHT, shape.right().bytes());
            a.emit(LEA, RIGHT, at(ARGUMENTS, LAST_RIGHT));
        }
        a.emit(MOV, KEPT, OUTPUT);
        a.emit(LEA, OUTPUT, at(ARGUMENTS, LAST_OUTPUT));
        block(false);
        copy(ARGUMENTS, LAST_OUTPUT, KEPT, 0, shape.output().bytes());
    }

    /** Appends the copying of as many elements as there are left, by the bits of their number. */
    private void copy(Gpr from, int fromOffset, Gpr to, int toOffset, int elementBytes) {
        a.emit(LEA, FROM, at(from, fromOffset));
        a.emit(LEA, TO, at(to, toOffset));
        for (int elements = block / 2; elements > 0; elements /= 2) {
            Label next = a.label();
            a.emit(TEST, COUNT, imm(elements));
            a.emit(JZ, next.near());
            copyBytes(elements * elementBytes);
            a.emit(ADD, FROM, imm((long) elements * elementBytes));
            a.emit(ADD, TO, imm((long) elements * elementBytes));
            a.bind(next);
        }
    }

    private void copyBytes(int bytes) {
        for (int at = 0; at < bytes; at += 32) {
            switch (Math.min(bytes, 32)) {
                case 1, 2 -> {
                    a.emit(MOVZX, SCRATCH.as(32), at(FROM).bytes(bytes));
                    a.emit(MOV, at(TO), SCRATCH.as(8 * bytes));
                }
                case 4, 8 -> {
                    a.emit(MOV, SCRATCH.as(8 * bytes), at(FROM));
                    a.emit(MOV, at(TO), SCRATCH.as(8 * bytes));
                }
                case 16 -> {
                    a.emit(VMOVDQU, Vec.xmm(0), at(FROM));
                    a.emit(VMOVDQU, at(TO), Vec.xmm(0));
                }
                default -> {
                    a.emit(VMOVDQU, Vec.ymm(0), at(FROM, at));
                    a.emit(VMOVDQU, at(TO, at), Vec.ymm(0));
                }
            }
        }
    }

    private void block(boolean masked) {
        Vec first = vectors.vec(0);
        switch (shape.function()) {
            case CLAMP -> {
                vectors.loadBytes(first, at(INPUT), masked);
                vectors.bound(first, shape.output(), true);
                vectors.storeBytes(at(OUTPUT), first, masked);
            }
            case TABLE -> {
                vectors.loadBytes(first, at(INPUT), masked);
                table.apply();
                vectors.storeBytes(at(OUTPUT), first, masked);
            }
            default -> {
                load(LEFT_VECTORS, INPUT, shape.left(), masked);
                if (shape.right() != null) {
                    load(RIGHT_VECTORS, RIGHT, shape.right(), masked);
                }
                compute();
                store(masked);
            }
        }
    }

    private void load(int first, Gpr from, Element element, boolean masked) {
        if (element == Element.F32) {
            vectors.loadFloats(first, at(from), masked);
            return;
        }
        Vec bytes = vectors.vec(first + 3);
        vectors.loadBytes(bytes, at(from), masked);
        if (shape.output() == Element.F32) {
            vectors.scatter(bytes);
        }
        vectors.unsign(bytes, element);
        vectors.widenToWords(first);
        vectors.widenWords(first, shape.function() != Function.FIXED_SUM);
    }

    private void compute() {
        switch (shape.function()) {
            case SUM -> {
                real(LEFT_VECTORS, LEFT_ZERO, LEFT_SCALE);
                real(RIGHT_VECTORS, RIGHT_ZERO, RIGHT_SCALE);
                for (int i = 0; i < 4; i++) {
                    a.emit(VADDPS, vectors.vec(i), vectors.vec(i), vectors.vec(RIGHT_VECTORS + i));
                }
                multiply(FACTOR);
            }
            case PRODUCT -> {
                real(LEFT_VECTORS, LEFT_ZERO, null);
                real(RIGHT_VECTORS, RIGHT_ZERO, null);
                for (int i = 0; i < 4; i++) {
                    a.emit(VMULPS, vectors.vec(i), vectors.vec(i), vectors.vec(RIGHT_VECTORS + i));
                }
                multiply(FACTOR);
            }
            case FIXED_SUM -> fixedSum();
            default -> {
                if (shape.left() != Element.F32) {
                    real(LEFT_VECTORS, LEFT_ZERO, LEFT_SCALE);
                }
                if (shape.output() != Element.F32) {
                    multiply(FACTOR);
                }
            }
        }
    }

    private void multiply(ElementNumber factor) {
        for (int i = 0; i < 4; i++) {
            a.emit(VMULPS, vectors.vec(i), vectors.vec(i), vectors.number(factor));
        }
    }

    /** Appends the distance from the zero point, times a scale if there is one. */
    private void real(int first, ElementNumber zero, ElementNumber scale) {
        for (int i = first; i < first + 4; i++) {
            Vec vec = vectors.vec(i);
            a.emit(VSUBPS, vec, vec, vectors.number(zero));
            if (scale != null) {
                a.emit(VMULPS, vec, vec, vectors.number(scale));
            }
        }
    }

    /** Appends {@link io.jquant.kernels.portable.QnnpackAddition#apply}, one too small without the zero point. */
    private void fixedSum() {
        for (int i = 0; i < 4; i++) {
            Vec sum = vectors.vec(i);
            Vec remainder = vectors.vec(RIGHT_VECTORS + i);
            Vec sign = vectors.vec(8);
            a.emit(VPMULLD, sum, sum, vectors.number(LEFT_SCALE));
            a.emit(VPMULLD, remainder, remainder, vectors.number(RIGHT_SCALE));
            a.emit(VPADDD, sum, sum, remainder);
            a.emit(VPADDD, sum, sum, vectors.number(INITIAL));
            a.emit(wide ? VPANDD : VPAND, remainder, sum, vectors.number(MASK));
            a.emit(VPSRAD, sign, sum, imm(31));
            a.emit(VPADDD, remainder, remainder, sign);
            // -1 where it is rounded down
            a.emit(VPSUBD, remainder, remainder, vectors.number(ROUNDED_UP));
            a.emit(VPSRAD, remainder, remainder, imm(31));
            a.emit(VPSRAVD, sum, sum, vectors.number(SHIFT));
            a.emit(VPADDD, sum, sum, remainder);
        }
    }

    private void store(boolean masked) {
        if (shape.output() == Element.F32) {
            vectors.storeFloats(at(OUTPUT), 0, masked);
            return;
        }
        boolean any = shape.left() == Element.F32;
        if (shape.function() != Function.FIXED_SUM) {
            vectors.round(0, any);
        }
        vectors.narrow(0, shape.output(), !any);
        if (any) {
            vectors.gather(vectors.vec(0));
        }
        vectors.storeBytes(at(OUTPUT), vectors.vec(0), masked);
    }
}

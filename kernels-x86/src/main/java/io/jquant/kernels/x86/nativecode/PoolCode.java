// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.FloatOp.VADDPS;
import static io.jquant.codegen.x86.FloatOp.VCVTDQ2PS;
import static io.jquant.codegen.x86.FloatOp.VMULPS;
import static io.jquant.codegen.x86.GeneralOp.ADD;
import static io.jquant.codegen.x86.GeneralOp.CMOVA;
import static io.jquant.codegen.x86.GeneralOp.CMP;
import static io.jquant.codegen.x86.GeneralOp.DEC;
import static io.jquant.codegen.x86.GeneralOp.INC;
import static io.jquant.codegen.x86.GeneralOp.JAE;
import static io.jquant.codegen.x86.GeneralOp.JB;
import static io.jquant.codegen.x86.GeneralOp.JMP;
import static io.jquant.codegen.x86.GeneralOp.JNZ;
import static io.jquant.codegen.x86.GeneralOp.LEA;
import static io.jquant.codegen.x86.GeneralOp.MOV;
import static io.jquant.codegen.x86.GeneralOp.MOVZX;
import static io.jquant.codegen.x86.GeneralOp.XOR;
import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.IntegerOp.VPADDD;
import static io.jquant.codegen.x86.IntegerOp.VPADDW;
import static io.jquant.codegen.x86.IntegerOp.VPMAXSB;
import static io.jquant.codegen.x86.IntegerOp.VPMAXUB;
import static io.jquant.codegen.x86.IntegerOp.VPSUBD;
import static io.jquant.codegen.x86.IntegerOp.VPXOR;
import static io.jquant.codegen.x86.IntegerOp.VPXORD;
import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.MoveOp.VMOVD;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU;
import static io.jquant.codegen.x86.MoveOp.VMOVQ;
import static io.jquant.codegen.x86.ShuffleOp.VPEXTRB;
import static io.jquant.kernels.x86.nativecode.ElementVectors.ARGUMENTS;

import io.jquant.codegen.x86.CallingConvention;
import io.jquant.codegen.x86.Frame;
import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Label;
import io.jquant.codegen.x86.Mem;
import io.jquant.codegen.x86.Vec;
import io.jquant.codegen.x86.X86Assembler;
import io.jquant.kernels.common.ElementArguments;
import io.jquant.kernels.common.ElementShape.Element;
import io.jquant.kernels.common.PoolArguments;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A pooling: over pixels, over channels, over the rows of a window, over the points of a row; of few points there is
 * code for each. Arguments: code, input, output, nothing, and {@link PoolArguments}.
 */
final class PoolCode {
    private static final Gpr INPUT = Gpr.R11;
    private static final Gpr OUTPUT = Gpr.RAX;
    private static final Gpr CHANNELS = Gpr.R8;
    private static final Gpr CHANNEL = Gpr.RCX;
    private static final Gpr ROW = Gpr.RDX;
    private static final Gpr POINT = Gpr.R9;
    private static final Gpr LEFT = Gpr.RSI;
    private static final Gpr FIRST = Gpr.RDI;
    private static final Gpr STRIDE = Gpr.RBX;
    private static final Gpr SCRATCH = Gpr.R12;
    private static final List<Gpr> USED = List.of(ARGUMENTS, INPUT, OUTPUT, CHANNELS, CHANNEL, ROW, POINT, LEFT, FIRST,
            STRIDE, SCRATCH);
    private static final List<Gpr> ROW_ADDRESSES = List.of(ROW, POINT, LEFT);
    private static final int SUMS = 4;

    private final X86Assembler a = new X86Assembler();
    private final PoolShape shape;
    private final ElementVectors vectors;
    private final boolean masked;

    PoolCode(PoolShape shape) {
        this.shape = shape;
        vectors = new ElementVectors(a, shape.wide());
        masked = shape.wide() && shape.piece() == 0;
    }

    /** The code. */
    byte[] assemble() {
        List<Vec> used = IntStream.range(0, 32).mapToObj(Vec::xmm).toList();
        Frame frame = new Frame(CallingConvention.current(), USED, used, 0);
        frame.enter(a);
        a.emit(MOV, ARGUMENTS, frame.argument(4));
        a.emit(MOV, INPUT, frame.argument(1));
        a.emit(MOV, OUTPUT, frame.argument(2));
        a.emit(ADD, INPUT, at(ARGUMENTS, ElementArguments.INPUT));
        a.emit(ADD, OUTPUT, at(ARGUMENTS, ElementArguments.OUTPUT));
        a.emit(MOV, CHANNELS, at(ARGUMENTS, ElementArguments.COUNT));
        a.emit(MOV, STRIDE, at(ARGUMENTS, PoolArguments.TAP_STRIDE));
        if (shape.mean()) {
            vectors.prepare();
        }
        if (masked) {
            vectors.masks(CHANNELS, SCRATCH);
        }
        Label pixel = a.here();
        channels();
        a.emit(ADD, OUTPUT, CHANNELS);
        a.emit(ADD, INPUT, at(ARGUMENTS, PoolArguments.PIXEL_STEP));
        a.emit(DEC, at(ARGUMENTS, PoolArguments.PIXELS).bytes(8));
        a.emit(JNZ, pixel);
        frame.leave(a);
        vectors.constants();
        return a.assemble();
    }

    private void channels() {
        a.emit(XOR, CHANNEL.as(32), CHANNEL.as(32));
        if (masked) {
            piece();
            return;
        }
        Label next = a.here();
        Label done = a.label();
        piece();
        a.emit(ADD, CHANNEL, imm(shape.piece()));
        a.emit(CMP, CHANNEL, CHANNELS);
        a.emit(JAE, done.near());
        // the last ones may be done twice
        a.emit(LEA, SCRATCH, at(CHANNELS, -shape.piece()));
        a.emit(CMP, CHANNEL, SCRATCH);
        a.emit(CMOVA, CHANNEL, SCRATCH);
        a.emit(JMP, next);
        a.bind(done);
    }

    private void piece() {
        a.emit(LEA, FIRST, at(INPUT, CHANNEL, 1, 0));
        if (shape.rows() > 0) {
            everyPoint();
        } else {
            rows();
        }
        if (shape.mean()) {
            mean();
        }
        store(at(OUTPUT, CHANNEL, 1, 0));
    }

    /** Appends code for each of a few points. */
    private void everyPoint() {
        for (int row = 0; row < shape.rows(); row++) {
            Gpr address = ROW_ADDRESSES.get(row);
            a.emit(MOV, address, at(ARGUMENTS, PoolArguments.ROW_OFFSETS + Long.BYTES * row));
            a.emit(ADD, address, FIRST);
            for (int point = 0; point < shape.width(); point++) {
                Mem from = point == 0 ? at(address) : at(address, STRIDE, point, 0);
                if (row + point == 0) {
                    first(from);
                } else {
                    add(from);
                }
            }
        }
    }

    private void rows() {
        begin();
        a.emit(XOR, ROW.as(32), ROW.as(32));
        Label row = a.here();
        a.emit(MOV, POINT, at(ARGUMENTS, ROW, 8, PoolArguments.ROW_OFFSETS));
        a.emit(ADD, POINT, FIRST);
        a.emit(MOV, LEFT, at(ARGUMENTS, PoolArguments.WIDTH));
        Label point = a.here();
        add(at(POINT));
        a.emit(ADD, POINT, STRIDE);
        a.emit(DEC, LEFT);
        a.emit(JNZ, point);
        a.emit(INC, ROW);
        a.emit(CMP, ROW, at(ARGUMENTS, PoolArguments.ROWS));
        a.emit(JB, row);
    }

    private void begin() {
        if (!shape.mean()) {
            // the first point twice
            a.emit(MOV, POINT, at(ARGUMENTS, PoolArguments.ROW_OFFSETS));
            first(at(POINT, FIRST, 1, 0));
            return;
        }
        for (int i = SUMS; i < SUMS + 4; i++) {
            a.emit(shape.wide() ? VPXORD : VPXOR, vectors.vec(i), vectors.vec(i), vectors.vec(i));
        }
    }

    private void first(Mem from) {
        if (!shape.mean()) {
            load(vectors.vec(SUMS), from);
            return;
        }
        Vec bytes = vectors.vec(SUMS + 3);
        load(bytes, from);
        vectors.unsign(bytes, shape.input());
        vectors.widenToWords(SUMS);
    }

    private void add(Mem from) {
        Vec bytes = vectors.vec(3);
        if (!shape.mean()) {
            boolean whole = shape.piece() == vectors.bytes();
            if (!whole) {
                load(bytes, from);
            }
            a.emit(shape.input() == Element.S8 ? VPMAXSB : VPMAXUB, vectors.vec(SUMS), vectors.vec(SUMS),
                    whole ? from : bytes);
            return;
        }
        load(bytes, from);
        vectors.unsign(bytes, shape.input());
        vectors.widenToWords(0);
        if (!shape.words()) {
            vectors.widenWords(0, false);
        }
        for (int i = 0; i < 4; i += shape.words() ? 2 : 1) {
            a.emit(shape.words() ? VPADDW : VPADDD, vectors.vec(SUMS + i), vectors.vec(SUMS + i), vectors.vec(i));
        }
    }

    private void mean() {
        if (shape.words()) {
            vectors.widenWords(SUMS, false);
        }
        for (int i = SUMS; i < SUMS + 4; i++) {
            Vec sum = vectors.vec(i);
            a.emit(VPSUBD, sum, sum, vectors.number(ElementNumber.LEFT_ZERO));
            a.emit(VCVTDQ2PS, sum, sum);
            a.emit(VMULPS, sum, sum, vectors.number(ElementNumber.FACTOR));
            a.emit(VADDPS, sum, sum, vectors.number(ElementNumber.BEFORE));
        }
        vectors.round(SUMS, true);
        vectors.narrow(SUMS, shape.output(), false);
    }

    private void load(Vec to, Mem from) {
        switch (shape.piece()) {
            case 1 -> {
                a.emit(MOVZX, SCRATCH.as(32), from.bytes(1));
                a.emit(VMOVD, to.as(128), SCRATCH.as(32));
            }
            case 4 -> a.emit(VMOVD, to.as(128), from);
            case 8 -> a.emit(VMOVQ, to.as(128), from);
            case 16 -> a.emit(VMOVDQU, to.as(128), from);
            default -> vectors.loadBytes(to, from, masked);
        }
    }

    private void store(Mem to) {
        Vec from = vectors.vec(SUMS);
        switch (shape.piece()) {
            case 1 -> a.emit(VPEXTRB, to, from.as(128), imm(0));
            case 4 -> a.emit(VMOVD, to, from.as(128));
            case 8 -> a.emit(VMOVQ, to, from.as(128));
            case 16 -> a.emit(VMOVDQU, to, from.as(128));
            default -> vectors.storeBytes(to, from, masked);
        }
    }
}

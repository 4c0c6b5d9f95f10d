// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.FloatOp.VADDPS;
import static io.jquant.codegen.x86.FloatOp.VCVTDQ2PS;
import static io.jquant.codegen.x86.FloatOp.VCVTPS2DQ;
import static io.jquant.codegen.x86.FloatOp.VMINPS;
import static io.jquant.codegen.x86.FloatOp.VMULPS;
import static io.jquant.codegen.x86.GeneralOp.ADD;
import static io.jquant.codegen.x86.GeneralOp.DEC;
import static io.jquant.codegen.x86.GeneralOp.JA;
import static io.jquant.codegen.x86.GeneralOp.JNZ;
import static io.jquant.codegen.x86.GeneralOp.MOV;
import static io.jquant.codegen.x86.GeneralOp.SUB;
import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.MoveOp.VBROADCASTSS;
import static io.jquant.codegen.x86.MoveOp.VMOVUPS;
import static io.jquant.codegen.x86.MoveOp.VPBROADCASTB;
import static io.jquant.codegen.x86.MoveOp.VPBROADCASTW;

import io.jquant.codegen.x86.CallingConvention;
import io.jquant.codegen.x86.Frame;
import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Instruction;
import io.jquant.codegen.x86.Label;
import io.jquant.codegen.x86.Mem;
import io.jquant.codegen.x86.Vec;
import io.jquant.codegen.x86.X86Assembler;
import io.jquant.kernels.common.CodeStage;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The frame of depthwise kernels: over some channels at a time, and for them over the rows of the output. A pixel is
 * the subclass's affair, and the order of the channels among its sums, which unpacking within blocks of 128 bits
 * shuffles and packing for the output brings back.
 */
abstract class DepthwiseCode {
    static final Gpr ARGUMENTS = Gpr.RBP;
    /** The input, at the current pixel. */
    static final Gpr IN = Gpr.R10;
    static final Gpr OUT = Gpr.R12;
    static final Gpr OUT_STRIDE = Gpr.R13;
    /** Pixels of the row that are left. */
    static final Gpr COUNT = Gpr.RCX;
    static final Gpr WEIGHTS = Gpr.RBX;

    private static final List<Gpr> GPRS = IntStream.range(0, 16).filter(n -> n != Gpr.RSP.number())
            .mapToObj(n -> new Gpr(n, 64)).toList();
    private static final List<Vec> VECTORS = IntStream.range(0, 16).mapToObj(Vec::xmm).toList();

    final X86Assembler a = new X86Assembler();
    final CodeStage stage;
    final int bits;
    private final int channels;

    /**
     * @param stage the output stage; of unscaled ones only {@link CodeStage#RAW}
     * @param bits width of the vectors
     * @param channels how many channels are computed at a time
     */
    DepthwiseCode(CodeStage stage, int bits, int channels) {
        this.stage = stage;
        this.bits = bits;
        this.channels = channels;
    }

    /** Appends what comes before a number of channels: their mask. */
    abstract void prepareChannels();

    /** Appends the bringing of terms, 32 bits each, into the order of the sums. */
    abstract void orderTerms(Gpr from, int to);

    /** Appends the computing of a row of the output, the input at {@link #IN}. */
    abstract void row();

    /** Appends constants behind the code. */
    void constants() {
        // most have none
    }

    final boolean isRaw() {
        return stage.output() == CodeStage.Output.RAW;
    }

    final Vec v(int number) {
        return new Vec(number, bits);
    }

    static Mem argument(int offset) {
        return at(ARGUMENTS, offset).bytes(8);
    }

    static Mem vector(int offset) {
        return at(ARGUMENTS, offset);
    }

    /** The code. */
    final byte[] assemble() {
        Frame frame = new Frame(CallingConvention.current(), GPRS, VECTORS, 0);
        frame.enter(a);
        a.emit(MOV, ARGUMENTS, frame.argument(4));
        // offsets become addresses
        a.emit(ADD, argument(DepthwiseArguments.INPUT), frame.argument(1));
        a.emit(ADD, argument(DepthwiseArguments.OUTPUT), frame.argument(2));
        a.emit(MOV, OUT_STRIDE, argument(DepthwiseArguments.OUTPUT_STRIDE));
        if (!isRaw()) {
            spread(VPBROADCASTW, DepthwiseArguments.ZERO_POINT, DepthwiseArguments.ZERO_POINT_WORDS);
            spread(VPBROADCASTB, DepthwiseArguments.SMALLEST, DepthwiseArguments.SMALLEST_BYTES);
            spread(VBROADCASTSS, DepthwiseArguments.HIGH, DepthwiseArguments.HIGH_VECTOR);
        }
        Label next = a.here();
        channels();
        nextChannels();
        a.emit(JA, next);
        frame.leave(a);
        constants();
        return a.assemble();
    }

    private void spread(Instruction broadcast, int from, int to) {
        a.emit(broadcast, v(0), at(ARGUMENTS, from));
        a.emit(VMOVUPS, vector(to), v(0));
    }

    private void channels() {
        prepareChannels();
        if (!isRaw()) {
            order(DepthwiseArguments.INITIAL, DepthwiseArguments.INITIALS);
            order(DepthwiseArguments.MULTIPLIER, DepthwiseArguments.MULTIPLIERS);
            if (stage.realBias()) {
                order(DepthwiseArguments.BIAS, DepthwiseArguments.BIASES);
            }
        }
        a.emit(MOV, OUT, argument(DepthwiseArguments.OUTPUT));
        a.emit(MOV, Gpr.RAX, argument(DepthwiseArguments.HEIGHT));
        a.emit(MOV, argument(DepthwiseArguments.LINES), Gpr.RAX);
        a.emit(MOV, IN, argument(DepthwiseArguments.INPUT));
        a.emit(MOV, argument(DepthwiseArguments.LINE), IN);
        a.align(16);
        Label line = a.here();
        a.emit(MOV, COUNT, argument(DepthwiseArguments.WIDTH));
        row();
        a.emit(MOV, IN, argument(DepthwiseArguments.LINE));
        a.emit(ADD, IN, argument(DepthwiseArguments.LINE_STEP));
        a.emit(MOV, argument(DepthwiseArguments.LINE), IN);
        a.emit(DEC, argument(DepthwiseArguments.LINES));
        a.emit(JNZ, line);
    }

    private void order(int argument, int to) {
        a.emit(MOV, Gpr.RAX, argument(argument));
        orderTerms(Gpr.RAX, to);
    }

    private void nextChannels() {
        a.emit(ADD, argument(DepthwiseArguments.INPUT), imm(channels));
        a.emit(ADD, argument(DepthwiseArguments.OUTPUT), imm((long) channels * stage.output().bytes()));
        a.emit(MOV, Gpr.RAX, argument(DepthwiseArguments.WEIGHT_BYTES));
        a.emit(ADD, argument(DepthwiseArguments.WEIGHTS), Gpr.RAX);
        for (int terms : new int[] {DepthwiseArguments.INITIAL, DepthwiseArguments.MULTIPLIER,
                DepthwiseArguments.BIAS}) {
            a.emit(ADD, argument(terms), imm(4L * channels));
        }
        a.emit(SUB, argument(DepthwiseArguments.CHANNELS), imm(channels));
    }

    /** Appends the scaling of a vector of sums, in place, to int32 without the zero point. */
    final void scale(Vec sum, int index) {
        int offset = index * bits / Byte.SIZE;
        a.emit(VCVTDQ2PS, sum, sum);
        if (stage.realBias()) {
            a.emit(VADDPS, sum, sum, vector(DepthwiseArguments.BIASES + offset));
        }
        a.emit(VMULPS, sum, sum, vector(DepthwiseArguments.MULTIPLIERS + offset));
        // from below, narrowing saturates
        a.emit(VMINPS, sum, sum, vector(DepthwiseArguments.HIGH_VECTOR));
        a.emit(VCVTPS2DQ, sum, sum);
    }
}

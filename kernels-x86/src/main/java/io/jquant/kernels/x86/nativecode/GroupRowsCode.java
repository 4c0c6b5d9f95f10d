// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.FloatOp.VANDPS;
import static io.jquant.codegen.x86.FloatOp.VCMPPS;
import static io.jquant.codegen.x86.FloatOp.VCVTPS2DQ;
import static io.jquant.codegen.x86.FloatOp.VDIVPS;
import static io.jquant.codegen.x86.FloatOp.VMAXPS;
import static io.jquant.codegen.x86.FloatOp.VMULPS;
import static io.jquant.codegen.x86.GeneralOp.ADD;
import static io.jquant.codegen.x86.GeneralOp.DEC;
import static io.jquant.codegen.x86.GeneralOp.JNZ;
import static io.jquant.codegen.x86.GeneralOp.MOV;
import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.IntegerOp.VPADDD;
import static io.jquant.codegen.x86.IntegerOp.VPSLLD;
import static io.jquant.codegen.x86.IntegerOp.VPSUBD;
import static io.jquant.codegen.x86.IntegerOp.VPXOR;
import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.MoveOp.VBROADCASTSS;
import static io.jquant.codegen.x86.MoveOp.VMOVD;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU;
import static io.jquant.codegen.x86.MoveOp.VMOVSS;
import static io.jquant.codegen.x86.ShuffleOp.VEXTRACTI128;
import static io.jquant.codegen.x86.ShuffleOp.VPACKSSDW;
import static io.jquant.codegen.x86.ShuffleOp.VPACKSSWB;
import static io.jquant.codegen.x86.ShuffleOp.VPERMQ;
import static io.jquant.codegen.x86.ShuffleOp.VPSHUFD;
import static io.jquant.codegen.x86.Vec.xmm;
import static io.jquant.codegen.x86.Vec.ymm;

import io.jquant.codegen.x86.CallingConvention;
import io.jquant.codegen.x86.Frame;
import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Instruction;
import io.jquant.codegen.x86.Label;
import io.jquant.codegen.x86.Vec;
import io.jquant.codegen.x86.X86Assembler;
import io.jquant.kernels.common.GroupRowsArguments;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Quantizes groups of a row for {@link GroupedCode}, on 256 bits. Arguments: code, input, records, nothing, and
 * {@link GroupRowsArguments}.
 */
final class GroupRowsCode {
    private static final Gpr ARGUMENTS = Gpr.RBP;
    private static final Gpr INPUT = Gpr.R10;
    private static final Gpr RECORD = Gpr.R11;
    private static final Gpr COUNT = Gpr.RAX;
    private static final Vec MAGNITUDE = ymm(15);
    private static final Vec MOST = ymm(14);
    private static final Vec INFINITE = ymm(13);
    private static final Vec LARGEST = ymm(0);
    private static final Vec RECIPROCAL = ymm(1);
    private static final Vec SCALE = ymm(2);
    private static final Vec SUM = ymm(3);
    /** Elements that become bytes at a time. */
    private static final int STEP = 16;
    private static final int LESS = 1;
    private static final int ORDERED = 7;
    private static final int PAIRS_EXCHANGED = 0x4E;
    private static final int NEIGHBOURS_EXCHANGED = 0xB1;
    private static final int IN_ORDER = 0xD8;

    private final X86Assembler a = new X86Assembler();
    private final int groupSize;
    private final boolean zeroPoints;

    /** What the code depends on. */
    record Shape(int groupSize, boolean zeroPoints) {
    }

    GroupRowsCode(Shape shape) {
        groupSize = shape.groupSize();
        zeroPoints = shape.zeroPoints();
    }

    byte[] assemble() {
        Frame frame = new Frame(CallingConvention.current(), List.of(ARGUMENTS, INPUT, RECORD, COUNT),
                IntStream.range(0, 16).mapToObj(Vec::xmm).toList(), 0);
        Label magnitude = a.label();
        Label most = a.label();
        Label infinite = a.label();
        frame.enter(a);
        a.emit(MOV, ARGUMENTS, frame.argument(4));
        a.emit(MOV, INPUT, at(ARGUMENTS, GroupRowsArguments.FROM));
        a.emit(ADD, INPUT, frame.argument(1));
        a.emit(MOV, RECORD, at(ARGUMENTS, GroupRowsArguments.TO));
        a.emit(ADD, RECORD, frame.argument(2));
        a.emit(MOV, COUNT, at(ARGUMENTS, GroupRowsArguments.GROUPS));
        a.emit(VBROADCASTSS, MAGNITUDE, at(magnitude));
        a.emit(VBROADCASTSS, MOST, at(most));
        a.emit(VBROADCASTSS, INFINITE, at(infinite));
        Label group = a.here();
        scale();
        quantize();
        a.emit(ADD, INPUT, imm(4L * groupSize));
        a.emit(ADD, RECORD, imm(groupSize + 8L));
        a.emit(DEC, COUNT);
        a.emit(JNZ, group);
        frame.leave(a);
        a.align(4);
        a.bind(magnitude);
        a.dataInt(Integer.MAX_VALUE);
        a.bind(most);
        a.dataInt(Float.floatToRawIntBits(127));
        a.bind(infinite);
        a.dataInt(Float.floatToRawIntBits(Float.POSITIVE_INFINITY));
        return a.assemble();
    }

    private void scale() {
        a.emit(VPXOR, LARGEST, LARGEST, LARGEST);
        for (int i = 0; i < groupSize; i += 8) {
            Vec values = ymm(4 + i / 8 % 4);
            a.emit(VANDPS, values, MAGNITUDE, at(INPUT, 4 * i));
            // of NaN and a number the second operand is kept
            a.emit(VMAXPS, LARGEST, values, LARGEST);
        }
        reduce(VMAXPS, LARGEST);
        a.emit(VBROADCASTSS, LARGEST, LARGEST.as(128));
        a.emit(VDIVPS, RECIPROCAL, MOST, LARGEST);
        a.emit(VDIVPS, SCALE, LARGEST, MOST);
        a.emit(VCMPPS, ymm(4), RECIPROCAL, INFINITE, imm(LESS));
        a.emit(VANDPS, RECIPROCAL, RECIPROCAL, ymm(4));
        a.emit(VANDPS, SCALE, SCALE, ymm(4));
        a.emit(VMOVSS, at(RECORD, groupSize), SCALE.as(128));
    }

    /** Leaves in the lowest element what an operation makes of all. */
    private void reduce(Instruction operation, Vec vector) {
        Vec half = vector.as(128);
        a.emit(VEXTRACTI128, xmm(4), vector, imm(1));
        a.emit(operation, half, half, xmm(4));
        for (int exchange : new int[] {PAIRS_EXCHANGED, NEIGHBOURS_EXCHANGED}) {
            a.emit(VPSHUFD, xmm(4), half, imm(exchange));
            a.emit(operation, half, half, xmm(4));
        }
    }

    private void quantize() {
        a.emit(VPXOR, SUM, SUM, SUM);
        for (int i = 0; i < groupSize; i += STEP) {
            Vec first = ymm(5);
            Vec second = ymm(6);
            integers(first, i);
            integers(second, i + STEP / 2);
            a.emit(VPACKSSDW, first, first, second);
            a.emit(VPERMQ, first, first, imm(IN_ORDER));
            a.emit(VEXTRACTI128, second.as(128), first, imm(1));
            a.emit(VPACKSSWB, first.as(128), first.as(128), second.as(128));
            a.emit(VMOVDQU, at(RECORD, i), first.as(128));
        }
        reduce(VPADDD, SUM);
        a.emit(VPXOR, xmm(4), xmm(4), xmm(4));
        a.emit(VPSUBD, xmm(4), xmm(4), SUM.as(128));
        if (!zeroPoints) {
            a.emit(VPSLLD, xmm(4), xmm(4), imm(3));
        }
        a.emit(VMOVD, at(RECORD, groupSize + 4), xmm(4));
    }

    /** Integers of eight elements, which also join the sum. */
    private void integers(Vec to, int element) {
        a.emit(VMULPS, to, RECIPROCAL, at(INPUT, 4 * element));
        a.emit(VCMPPS, ymm(4), to, to, imm(ORDERED));
        a.emit(VANDPS, to, to, ymm(4));
        a.emit(VCVTPS2DQ, to, to);
        a.emit(VPADDD, SUM, SUM, to);
    }
}

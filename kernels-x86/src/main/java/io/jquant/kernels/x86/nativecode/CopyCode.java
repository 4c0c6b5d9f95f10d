// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.GeneralOp.ADD;
import static io.jquant.codegen.x86.GeneralOp.BZHI;
import static io.jquant.codegen.x86.GeneralOp.DEC;
import static io.jquant.codegen.x86.GeneralOp.JNZ;
import static io.jquant.codegen.x86.GeneralOp.JZ;
import static io.jquant.codegen.x86.GeneralOp.MOV;
import static io.jquant.codegen.x86.GeneralOp.TEST;
import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.Mask.k;
import static io.jquant.codegen.x86.MaskOp.KMOVQ;
import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU32;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU8;
import static io.jquant.codegen.x86.Vec.zmm;

import io.jquant.codegen.x86.CallingConvention;
import io.jquant.codegen.x86.Frame;
import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Label;
import io.jquant.codegen.x86.X86Assembler;
import java.util.List;

/** Copies rows to aligned memory, filled up with zeros to whole vectors of 64 bytes. */
final class CopyCode {
    private static final Gpr ARGUMENTS = GemmCode.ARGUMENTS;
    private static final Gpr FROM = Gpr.R10;
    private static final Gpr TO = Gpr.R11;
    private static final Gpr COUNT = Gpr.RAX;

    private CopyCode() {
    }

    /** The code. */
    static byte[] assemble() {
        X86Assembler a = new X86Assembler();
        Frame frame = new Frame(CallingConvention.current(), List.of(ARGUMENTS, FROM, TO, COUNT, Gpr.RCX), List.of(),
                0);
        frame.enter(a);
        a.emit(MOV, ARGUMENTS, frame.argument(4));
        a.emit(ADD, GemmCode.argument(KernelArguments.A), frame.argument(1));
        a.emit(MOV, Gpr.RCX, GemmCode.argument(KernelArguments.TAIL_BYTES));
        a.emit(MOV, Gpr.RAX, imm(-1));
        a.emit(BZHI, Gpr.RAX, Gpr.RAX, Gpr.RCX);
        a.emit(KMOVQ, k(1), Gpr.RAX);
        Label row = a.here();
        a.emit(MOV, FROM, GemmCode.argument(KernelArguments.A));
        a.emit(MOV, TO, GemmCode.argument(KernelArguments.COPY));
        a.emit(MOV, COUNT, GemmCode.argument(KernelArguments.DEPTH_STEPS));
        Label noWhole = a.label();
        a.emit(TEST, COUNT, COUNT);
        a.emit(JZ, noWhole);
        Label whole = a.here();
        a.emit(VMOVDQU32, zmm(0), at(FROM));
        a.emit(VMOVDQU32, at(TO), zmm(0));
        a.emit(ADD, FROM, imm(64));
        a.emit(ADD, TO, imm(64));
        a.emit(DEC, COUNT);
        a.emit(JNZ, whole);
        a.bind(noWhole);
        Label noTail = a.label();
        a.emit(TEST, Gpr.RCX, Gpr.RCX);
        a.emit(JZ, noTail);
        a.emit(VMOVDQU8, zmm(0).zero(k(1)), at(FROM));
        a.emit(VMOVDQU32, at(TO), zmm(0));
        a.bind(noTail);
        a.emit(MOV, COUNT, GemmCode.argument(KernelArguments.A_STRIDE));
        a.emit(ADD, GemmCode.argument(KernelArguments.A), COUNT);
        a.emit(MOV, COUNT, GemmCode.argument(KernelArguments.COPY_STRIDE));
        a.emit(ADD, GemmCode.argument(KernelArguments.COPY), COUNT);
        a.emit(DEC, GemmCode.argument(KernelArguments.COUNT));
        a.emit(JNZ, row);
        frame.leave(a);
        return a.assemble();
    }
}

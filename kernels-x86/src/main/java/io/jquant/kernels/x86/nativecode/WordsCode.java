// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.GeneralOp.ADD;
import static io.jquant.codegen.x86.GeneralOp.CMP;
import static io.jquant.codegen.x86.GeneralOp.DEC;
import static io.jquant.codegen.x86.GeneralOp.INC;
import static io.jquant.codegen.x86.GeneralOp.JB;
import static io.jquant.codegen.x86.GeneralOp.JNZ;
import static io.jquant.codegen.x86.GeneralOp.JZ;
import static io.jquant.codegen.x86.GeneralOp.MOV;
import static io.jquant.codegen.x86.GeneralOp.MOVZX;
import static io.jquant.codegen.x86.GeneralOp.TEST;
import static io.jquant.codegen.x86.GeneralOp.XOR;
import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.IntegerOp.VPAND;
import static io.jquant.codegen.x86.IntegerOp.VPCMPEQD;
import static io.jquant.codegen.x86.IntegerOp.VPSRLW;
import static io.jquant.codegen.x86.IntegerOp.VPXOR;
import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU;
import static io.jquant.codegen.x86.MoveOp.VPMOVZXBW;
import static io.jquant.codegen.x86.ShuffleOp.VPERM2I128;
import static io.jquant.codegen.x86.ShuffleOp.VPUNPCKHDQ;
import static io.jquant.codegen.x86.ShuffleOp.VPUNPCKLDQ;
import static io.jquant.codegen.x86.Vec.ymm;

import io.jquant.codegen.x86.CallingConvention;
import io.jquant.codegen.x86.Frame;
import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Label;
import io.jquant.codegen.x86.Mem;
import io.jquant.codegen.x86.X86Assembler;
import java.util.List;

/**
 * Widens rows to 16 bits, filled up with zeros to 32 bytes. What was apart is put together: of each four bytes first 0
 * and 2, then 1 and 3; or all stay in their order.
 */
final class WordsCode {
    /** Bytes of a row that are widened at a time. */
    static final int BLOCK = 32;

    private static final Gpr ARGUMENTS = GemmCode.ARGUMENTS;
    private static final Gpr FROM = Gpr.R10;
    private static final Gpr TO = Gpr.R11;
    private static final Gpr COUNT = Gpr.RAX;
    private static final Gpr TAIL = Gpr.RCX;
    private static final Gpr VALUE = Gpr.RDX;

    private final X86Assembler a = new X86Assembler();
    private final boolean apart;

    private WordsCode(boolean apart) {
        this.apart = apart;
    }

    /** The code; {@code apart} puts together bytes that are two apart. */
    static byte[] assemble(boolean apart) {
        return new WordsCode(apart).rows();
    }

    private byte[] rows() {
        Frame frame = new Frame(CallingConvention.current(), List.of(ARGUMENTS, FROM, TO, COUNT, TAIL, VALUE),
                List.of(), 0);
        frame.enter(a);
        a.emit(MOV, ARGUMENTS, frame.argument(4));
        a.emit(ADD, GemmCode.argument(KernelArguments.A), frame.argument(1));
        a.emit(MOV, TAIL, GemmCode.argument(KernelArguments.TAIL_BYTES));
        if (apart) {
            a.emit(VPCMPEQD, ymm(5), ymm(5), ymm(5));
            a.emit(VPSRLW, ymm(5), ymm(5), imm(8));
        }
        Label row = a.here();
        a.emit(MOV, FROM, GemmCode.argument(KernelArguments.A));
        a.emit(MOV, TO, GemmCode.argument(KernelArguments.COPY));
        a.emit(MOV, COUNT, GemmCode.argument(KernelArguments.DEPTH_STEPS));
        Label noWhole = a.label();
        a.emit(TEST, COUNT, COUNT);
        a.emit(JZ, noWhole);
        Label whole = a.here();
        widen(at(FROM));
        a.emit(ADD, FROM, imm(BLOCK));
        a.emit(ADD, TO, imm(2L * BLOCK));
        a.emit(DEC, COUNT);
        a.emit(JNZ, whole);
        a.bind(noWhole);
        Label noTail = a.label();
        a.emit(TEST, TAIL, TAIL);
        a.emit(JZ, noTail);
        tail();
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

    private void widen(Mem from) {
        if (!apart) {
            for (int half = 0; half < 2; half++) {
                a.emit(VPMOVZXBW, ymm(half), from.plus(BLOCK / 2 * half));
                a.emit(VMOVDQU, at(TO, BLOCK * half), ymm(half));
            }
            return;
        }
        a.emit(VMOVDQU, ymm(0), from);
        a.emit(VPAND, ymm(1), ymm(0), ymm(5));
        a.emit(VPSRLW, ymm(2), ymm(0), imm(8));
        a.emit(VPUNPCKLDQ, ymm(3), ymm(1), ymm(2));
        a.emit(VPUNPCKHDQ, ymm(4), ymm(1), ymm(2));
        a.emit(VPERM2I128, ymm(0), ymm(3), ymm(4), imm(0x20));
        a.emit(VMOVDQU, at(TO), ymm(0));
        a.emit(VPERM2I128, ymm(0), ymm(3), ymm(4), imm(0x31));
        a.emit(VMOVDQU, at(TO, BLOCK), ymm(0));
    }

    /** Appends the last bytes of a row, one by one: what lies beyond the row is not touched. */
    private void tail() {
        Mem place = at(ARGUMENTS, KernelArguments.PARTIAL);
        a.emit(VPXOR, ymm(0), ymm(0), ymm(0));
        a.emit(VMOVDQU, place, ymm(0));
        a.emit(XOR, COUNT, COUNT);
        Label next = a.here();
        a.emit(MOVZX, VALUE.as(32), at(FROM, COUNT, 1, 0).bytes(1));
        a.emit(MOV, at(ARGUMENTS, COUNT, 1, KernelArguments.PARTIAL), VALUE.as(8));
        a.emit(INC, COUNT);
        a.emit(CMP, COUNT, TAIL);
        a.emit(JB, next);
        widen(place);
    }
}

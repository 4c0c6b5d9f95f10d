// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

import static io.jquant.codegen.x86.FloatOp.VADDPS;
import static io.jquant.codegen.x86.GeneralOp.ADD;
import static io.jquant.codegen.x86.GeneralOp.DEC;
import static io.jquant.codegen.x86.GeneralOp.JMP;
import static io.jquant.codegen.x86.GeneralOp.JNZ;
import static io.jquant.codegen.x86.GeneralOp.LEA;
import static io.jquant.codegen.x86.GeneralOp.MOV;
import static io.jquant.codegen.x86.GeneralOp.MOVZX;
import static io.jquant.codegen.x86.GeneralOp.RET;
import static io.jquant.codegen.x86.Gpr.EAX;
import static io.jquant.codegen.x86.Gpr.RAX;
import static io.jquant.codegen.x86.Gpr.RCX;
import static io.jquant.codegen.x86.Gpr.RDI;
import static io.jquant.codegen.x86.Gpr.RSI;
import static io.jquant.codegen.x86.Gpr.RSP;
import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.IntegerOp.VPADDD;
import static io.jquant.codegen.x86.IntegerOp.VPCMPEQD;
import static io.jquant.codegen.x86.IntegerOp.VPDPBUSD;
import static io.jquant.codegen.x86.IntegerOp.VPDPBUSD_VEX;
import static io.jquant.codegen.x86.Mask.k;
import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU8;
import static io.jquant.codegen.x86.MoveOp.VMOVNTDQ;
import static io.jquant.codegen.x86.ShuffleOp.VPSHUFD;
import static io.jquant.codegen.x86.Vec.xmm;
import static io.jquant.codegen.x86.Vec.ymm;
import static io.jquant.codegen.x86.Vec.zmm;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.codegen.GnuAssembler;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class X86AssemblerTest {
    private static final int SLOT = 2048;

    @Test
    void jumpsAndAddressesInCodeEncodeAsGnuAsDoes() throws IOException, InterruptedException {
        Map<String, byte[]> cases = new LinkedHashMap<>();
        // a jump back of exactly 128 bytes is the last short one
        for (int gap : new int[] {0, 1, 125, 126, 127, 1000}) {
            for (Instruction jump : EncodingTest.instructions().filter(X86AssemblerTest::isJump).toList()) {
                cases.put("1:\n.skip " + gap + ", 0x90\n" + jump.mnemonic() + " 1b", back(jump, gap));
                cases.put("{disp32} " + jump.mnemonic() + " 1f\n.skip " + gap + ", 0x90\n1:", ahead(jump, gap, false));
            }
        }
        for (int gap : new int[] {0, 1, 127}) {
            for (Instruction jump : EncodingTest.instructions().filter(X86AssemblerTest::isJump).toList()) {
                cases.put(jump.mnemonic() + " 1f\n.skip " + gap + ", 0x90\n1:", ahead(jump, gap, true));
            }
        }
        cases.put("vpaddd zmm17, zmm1, [rip+1f]\nret\n1: .long 7", constant(VPADDD, false, zmm(17), zmm(1)));
        cases.put("vaddps ymm1, ymm2, [rip+1f]\nret\n1: .long 7", constant(VADDPS, false, ymm(1), ymm(2)));
        cases.put("vpaddd zmm17, zmm1, [rip+1f]{1to16}\nret\n1: .long 7", constant(VPADDD, true, zmm(17), zmm(1)));
        cases.put("lea rax, [rip+1f]\nret\n1: .long 7", constant(LEA, false, RAX));
        cases.put("vpshufd ymm9, [rip+1f+4], 27\nret\n1: .long 7", shuffledConstant());
        GnuAssembler.X86.compare(cases, SLOT);
    }

    private static boolean isJump(Instruction instruction) {
        return instruction.forms().rows().getFirst().args().contains(Arg.REL8);
    }

    private static void gap(X86Assembler a, int bytes) {
        for (int i = 0; i < bytes; i++) {
            a.data((byte) 0x90);
        }
    }

    private static byte[] back(Instruction jump, int gap) {
        X86Assembler a = new X86Assembler();
        Label start = a.here();
        gap(a, gap);
        a.emit(jump, start);
        return a.assemble();
    }

    private static byte[] ahead(Instruction jump, int gap, boolean near) {
        X86Assembler a = new X86Assembler();
        Label end = a.label();
        a.emit(jump, near ? end.near() : end);
        gap(a, gap);
        a.bind(end);
        return a.assemble();
    }

    private static byte[] constant(Instruction instruction, boolean broadcast, Operand... registers) {
        X86Assembler a = new X86Assembler();
        Label constant = a.label();
        Operand[] operands = Arrays.copyOf(registers, registers.length + 1);
        operands[registers.length] = broadcast ? at(constant).broadcast() : at(constant);
        a.emit(instruction, operands);
        a.emit(RET);
        a.bind(constant);
        a.dataInt(7);
        return a.assemble();
    }

    private static byte[] shuffledConstant() {
        X86Assembler a = new X86Assembler();
        Label constant = a.label();
        a.emit(VPSHUFD, ymm(9), at(constant).plus(4), imm(27));
        a.emit(RET);
        a.bind(constant);
        a.dataInt(7);
        return a.assemble();
    }

    @Test
    void alignmentIsFilledWithInstructionsThatDoNothing() throws IOException, InterruptedException {
        for (int before = 0; before <= 32; before++) {
            X86Assembler a = new X86Assembler();
            gap(a, before);
            a.align(32);
            assertEquals((before + 31) / 32 * 32, a.size(), "after " + before);
        }
        String[] nops = {"nop", "xchg ax, ax", "nop dword ptr [rax]", "{disp8} nop dword ptr [rax]",
            "{disp8} nop dword ptr [rax+rax]", "{disp8} nop word ptr [rax+rax]", "{disp32} nop dword ptr [rax]",
            "{disp32} nop dword ptr [rax+rax]", "{disp32} nop word ptr [rax+rax]"};
        Map<String, byte[]> cases = new LinkedHashMap<>();
        for (int bytes = 1; bytes <= nops.length; bytes++) {
            X86Assembler a = new X86Assembler();
            gap(a, 16 - bytes);
            a.align(16);
            byte[] code = a.assemble();
            cases.put(nops[bytes - 1], Arrays.copyOfRange(code, 16 - bytes, 16));
        }
        GnuAssembler.X86.compare(cases, 16);
    }

    @Test
    void operandsThatNoFormTakesAreRefusedByName() {
        X86Assembler a = new X86Assembler();
        List<Runnable> wrong = List.of(
            () -> a.emit(VPADDD, zmm(0), ymm(1), zmm(2)),
            () -> a.emit(VPADDD, zmm(0), zmm(1)),
            () -> a.emit(VPDPBUSD_VEX, ymm(0), ymm(1), ymm(16)),
            () -> a.emit(VPDPBUSD_VEX, ymm(0), ymm(1), at(RAX).broadcast()),
            () -> a.emit(VPDPBUSD, zmm(0), zmm(1), at(RAX).bytes(4)),
            () -> a.emit(VPCMPEQD, zmm(0), zmm(1), zmm(2)),
            () -> a.emit(VMOVDQU8, zmm(0), at(RAX).broadcast()),
            () -> a.emit(VMOVNTDQ, at(RAX).merge(k(1)), zmm(0)),
            () -> a.emit(VADDPS, zmm(0), zmm(1).zero(k(1)), zmm(2)),
            () -> a.emit(MOV, at(RAX), imm(1)),
            () -> a.emit(MOVZX, EAX, at(RAX)),
            () -> a.emit(ADD, RAX, EAX),
            () -> a.emit(ADD, RAX, imm(1L << 31)),
            () -> a.emit(MOV, EAX, imm(1L << 32)),
            () -> a.emit(DEC, xmm(0)),
            () -> a.emit(JMP, EAX),
            () -> a.emit(RET, RAX));
        for (int i = 0; i < wrong.size(); i++) {
            int size = a.size();
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, wrong.get(i)::run, "case " + i);
            assertTrue(e.getMessage().contains("has no form"), e.getMessage());
            assertEquals(size, a.size(), "case " + i + " left bytes behind");
        }
    }

    @Test
    void operandsThatCannotBeAreRefused() {
        List<Runnable> wrong = List.of(() -> xmm(32), () -> new Vec(0, 64), () -> new Gpr(16, 64),
            () -> new Gpr(0, 128), () -> k(8), () -> Tile.tmm(8), () -> zmm(0).merge(k(0)), () -> at(EAX),
            () -> at(RAX, RSP, 1, 0), () -> at(RAX, RCX, 3, 0), () -> at(null, null, 1, 0), () -> at(RAX).bytes(3),
            () -> new Masked(at(RAX), k(1), true), () -> new Masked(RAX, k(1), false));
        for (int i = 0; i < wrong.size(); i++) {
            assertThrows(IllegalArgumentException.class, wrong.get(i)::run, "case " + i);
        }
    }

    @Test
    void labelsAreCheckedWhenTheyAreUsedAndWhenCodeIsAssembled() {
        X86Assembler a = new X86Assembler();
        Label twice = a.here();
        assertThrows(IllegalArgumentException.class, () -> a.bind(twice));
        Label foreign = new X86Assembler().label();
        assertThrows(IllegalArgumentException.class, () -> a.bind(foreign));
        assertThrows(IllegalArgumentException.class, () -> a.emit(JNZ, foreign));
        assertThrows(IllegalArgumentException.class, () -> a.emit(JNZ, foreign.near()));
        assertThrows(IllegalArgumentException.class, () -> a.emit(LEA, RAX, at(foreign)));
        assertThrows(IllegalArgumentException.class, () -> a.align(3));
        Label far = a.label();
        a.emit(JMP, far.near());
        assertThrows(IllegalStateException.class, a::assemble, "unbound");
        gap(a, 128);
        a.bind(far);
        assertThrows(IllegalStateException.class, a::assemble, "too far");
    }

    @Test
    void framesSaveWhatTheConventionWantsBack() throws IOException, InterruptedException {
        Frame windows = new Frame(CallingConvention.WINDOWS, List.of(RAX, RDI, RSI), List.of(zmm(5), zmm(6), zmm(15)),
            20);
        Frame systemV = new Frame(CallingConvention.SYSTEM_V, List.of(RAX, RDI, Gpr.RBX, Gpr.R12.as(32)),
            List.of(zmm(6)), 0);
        Map<String, byte[]> cases = new LinkedHashMap<>();
        cases.put("""
            push rsi
            push rdi
            sub rsp, 72
            vmovups [rsp+32], xmm6
            vmovups [rsp+48], xmm15
            mov rax, [rsp+128]
            vzeroupper
            vmovups xmm6, [rsp+32]
            vmovups xmm15, [rsp+48]
            add rsp, 72
            pop rdi
            pop rsi
            ret""", around(windows, 4));
        cases.put("""
            push rbx
            push r12
            mov rax, [rsp+24]
            vzeroupper
            pop r12
            pop rbx
            ret""", around(systemV, 6));
        GnuAssembler.X86.compare(cases, 128);
        assertEquals(RSI, systemV.argument(1));
        assertEquals(at(RSP, 16), windows.local(16));
        assertArrayEquals(new byte[] {(byte) 0xC5, (byte) 0xF8, 0x77, (byte) 0xC3},
            leaf(new Frame(CallingConvention.SYSTEM_V, List.of(RAX), List.of(zmm(31)), 0)));
        assertThrows(IllegalArgumentException.class, () -> systemV.local(0));
        assertThrows(IllegalArgumentException.class, () -> systemV.argument(-1));
        assertThrows(IllegalArgumentException.class, () -> CallingConvention.WINDOWS.stackOffset(3));
        assertThrows(IllegalArgumentException.class,
            () -> new Frame(CallingConvention.WINDOWS, List.of(), List.of(), 4096));
    }

    private static byte[] around(Frame frame, int stackArgument) {
        X86Assembler a = new X86Assembler();
        frame.enter(a);
        a.emit(MOV, RAX, frame.argument(stackArgument));
        frame.leave(a);
        return a.assemble();
    }

    private static byte[] leaf(Frame frame) {
        X86Assembler a = new X86Assembler();
        frame.enter(a);
        frame.leave(a);
        return a.assemble();
    }
}

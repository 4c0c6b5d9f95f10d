// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

import static io.jquant.codegen.arm64.GeneralOp.ADD;
import static io.jquant.codegen.arm64.GeneralOp.B;
import static io.jquant.codegen.arm64.GeneralOp.CBZ;
import static io.jquant.codegen.arm64.GeneralOp.MOVZ;
import static io.jquant.codegen.arm64.GeneralOp.NOP;
import static io.jquant.codegen.arm64.GeneralOp.RET;
import static io.jquant.codegen.arm64.GeneralOp.TBZ;
import static io.jquant.codegen.arm64.Imm.imm;
import static io.jquant.codegen.arm64.IntegerOp.SDOT;
import static io.jquant.codegen.arm64.IntegerOp.SMULL;
import static io.jquant.codegen.arm64.Lsl.lsl;
import static io.jquant.codegen.arm64.Mem.at;
import static io.jquant.codegen.arm64.MemoryOp.LD1;
import static io.jquant.codegen.arm64.MemoryOp.LDR;
import static io.jquant.codegen.arm64.Reg.SP;
import static io.jquant.codegen.arm64.Reg.XZR;
import static io.jquant.codegen.arm64.Reg.w;
import static io.jquant.codegen.arm64.Reg.x;
import static io.jquant.codegen.arm64.Vec.b16;
import static io.jquant.codegen.arm64.Vec.b8;
import static io.jquant.codegen.arm64.Vec.d;
import static io.jquant.codegen.arm64.Vec.h4;
import static io.jquant.codegen.arm64.Vec.h8;
import static io.jquant.codegen.arm64.Vec.q;
import static io.jquant.codegen.arm64.Vec.s4;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.codegen.GnuAssembler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class Arm64AssemblerTest {
    private static final int SLOT = 4096;

    @Test
    void distancesEncodeAsGnuAsDoes() throws IOException, InterruptedException {
        Map<String, byte[]> cases = new LinkedHashMap<>();
        for (int gap : new int[] {0, 1, 7, 1000}) {
            for (Instruction instruction : EncodingTest.instructions().toList()) {
                for (Form form : instruction.forms().rows()) {
                    if (form.args().stream().anyMatch(Arg.Target.class::isInstance)) {
                        List<Operand> plain = new ArrayList<>(form.args().subList(0, form.args().size() - 1).stream()
                            .map(arg -> Samples.of(arg).getFirst()).toList());
                        String text = EncodingTest.text(instruction, plain) + (plain.isEmpty() ? "" : ", ");
                        cases.put("1:\n.rept " + gap + "\nnop\n.endr\n" + text + "1b", back(instruction, plain, gap));
                        cases.put(text + "1f\n.rept " + gap + "\nnop\n.endr\n1:", ahead(instruction, plain, gap));
                    }
                }
            }
        }
        GnuAssembler.ARM64.compare(cases, SLOT);
        assertTrue(cases.size() > 200, cases.size() + " cases");
    }

    private static void gap(Arm64Assembler a, int instructions) {
        for (int i = 0; i < instructions; i++) {
            a.emit(NOP);
        }
    }

    private static void emit(Arm64Assembler a, Instruction instruction, List<Operand> operands, Label label) {
        List<Operand> all = new ArrayList<>(operands);
        all.add(label);
        a.emit(instruction, all.toArray(Operand[]::new));
    }

    private static byte[] back(Instruction instruction, List<Operand> operands, int gap) {
        Arm64Assembler a = new Arm64Assembler();
        Label start = a.here();
        gap(a, gap);
        emit(a, instruction, operands, start);
        return a.assemble();
    }

    private static byte[] ahead(Instruction instruction, List<Operand> operands, int gap) {
        Arm64Assembler a = new Arm64Assembler();
        Label end = a.label();
        emit(a, instruction, operands, end);
        gap(a, gap);
        a.bind(end);
        return a.assemble();
    }

    @Test
    void operandsThatNoFormTakesAreRefusedByName() {
        Arm64Assembler a = new Arm64Assembler();
        List<Runnable> wrong = List.of(
            () -> a.emit(SDOT, s4(0), b16(1), b8(2)),
            () -> a.emit(SDOT, s4(0), b16(1), b16(2).lane(0)),
            () -> a.emit(SMULL, h8(0), b8(1)),
            () -> a.emit(SMULL, s4(0), h4(1), h8(16).lane(0)),
            () -> a.emit(LDR, x(0), at(x(1), 1 << 20)),
            () -> a.emit(LDR, q(0), at(x(1), x(2), 3)),
            () -> a.emit(LD1, VecList.list(b16(0), 2), Mem.post(x(0), 16)),
            () -> a.emit(ADD, x(0), x(1), imm(4096)),
            () -> a.emit(ADD, XZR, x(1), imm(1)),
            () -> a.emit(ADD, SP, x(1), x(2)),
            () -> a.emit(ADD, x(0), w(1), x(2)),
            () -> a.emit(MOVZ, x(0), imm(1), lsl(8)),
            () -> a.emit(RET, x(0)));
        for (int i = 0; i < wrong.size(); i++) {
            int size = a.size();
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, wrong.get(i)::run, "case " + i);
            assertTrue(e.getMessage().contains("has no form"), e.getMessage());
            assertEquals(size, a.size(), "case " + i + " left bytes behind");
        }
    }

    @Test
    void operandsThatCannotBeAreRefused() {
        List<Runnable> wrong = List.of(() -> x(31), () -> x(32), () -> x(-1), () -> new Reg(0, 16, false),
            () -> new Reg(3, 64, true), () -> q(32), () -> s4(0).lane(4), () -> b16(0).fourBytes(4),
            () -> VecList.list(b16(0), 5), () -> VecList.list(d(0), 1), () -> VecList.lane(s4(0), 4), () -> at(w(0)),
            () -> at(XZR), () -> at(x(0), SP), () -> at(x(0), x(1), 5),
            () -> new Mem(x(0), Mem.Mode.POST, 8, x(1), 0));
        for (int i = 0; i < wrong.size(); i++) {
            assertThrows(IllegalArgumentException.class, wrong.get(i)::run, "case " + i);
        }
    }

    @Test
    void labelsAreCheckedWhenTheyAreUsedAndWhenCodeIsAssembled() {
        Arm64Assembler a = new Arm64Assembler();
        Label twice = a.here();
        assertThrows(IllegalArgumentException.class, () -> a.bind(twice));
        Label foreign = new Arm64Assembler().label();
        assertThrows(IllegalArgumentException.class, () -> a.bind(foreign));
        assertThrows(IllegalArgumentException.class, () -> a.emit(CBZ, x(0), foreign));
        assertThrows(IllegalArgumentException.class, () -> a.align(3));
        Label far = a.label();
        a.emit(TBZ, x(0), imm(3), far);
        a.emit(B, far);
        assertThrows(IllegalStateException.class, a::assemble, "unbound");
        gap(a, 1 << 13);
        a.bind(far);
        assertThrows(IllegalStateException.class, a::assemble, "too far");
    }

    @Test
    void framesSaveWhatTheStandardWantsBack() throws IOException, InterruptedException {
        Map<String, byte[]> cases = new LinkedHashMap<>();
        cases.put("""
            sub sp, sp, #48
            stp x19, x20, [sp]
            stp x28, xzr, [sp, #16]
            stp d8, d15, [sp, #32]
            nop
            ldp x19, x20, [sp]
            ldp x28, xzr, [sp, #16]
            ldp d8, d15, [sp, #32]
            add sp, sp, #48
            ret""", around(new Frame(List.of(x(0), x(17), x(28), x(19), w(20)), List.of(q(7), s4(8), d(15), b16(16)))));
        cases.put("""
            sub sp, sp, #16
            str d9, [sp]
            nop
            ldr d9, [sp]
            add sp, sp, #16
            ret""", around(new Frame(List.of(), List.of(q(9)))));
        cases.put("nop\nret", around(new Frame(List.of(x(3)), List.of(q(31)))));
        GnuAssembler.ARM64.compare(cases, 64);
        assertThrows(IllegalArgumentException.class, () -> new Frame(List.of(x(18)), List.of()));
        assertThrows(IllegalArgumentException.class, () -> new Frame(List.of(x(29)), List.of()));
    }

    private static byte[] around(Frame frame) {
        Arm64Assembler a = new Arm64Assembler();
        frame.enter(a);
        a.emit(NOP);
        frame.leave(a);
        return a.assemble();
    }
}

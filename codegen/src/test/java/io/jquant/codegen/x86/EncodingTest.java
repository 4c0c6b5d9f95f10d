// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.codegen.GnuAssembler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every form of every instruction, with every kind of operand, against GNU as. */
class EncodingTest {
    private static final long SEED = 20261101;
    private static final int RANDOM_CASES = 40;
    private static final int SLOT = 16;

    private final Random random = new Random(SEED);
    private final Map<String, byte[]> cases = new LinkedHashMap<>();
    private final Set<Form> reached = new HashSet<>();

    @Test
    void everyFormEncodesAsGnuAsDoes() throws IOException, InterruptedException {
        Set<Form> all = new HashSet<>();
        instructions().forEach(instruction -> {
            for (Form form : instruction.forms().rows()) {
                if (form.args().stream().noneMatch(arg -> arg.type == Arg.Type.LABEL)) {
                    all.add(form);
                    tryForm(instruction, form);
                }
            }
        });
        GnuAssembler.X86.compare(cases, SLOT);
        Set<Form> missed = all.stream().filter(form -> !reached.contains(form)).collect(Collectors.toSet());
        assertEquals(Set.of(), missed, "forms that no operands reach");
        assertTrue(cases.size() > 50_000, cases.size() + " cases");
    }

    static Stream<Instruction> instructions() {
        return Stream.of(Instruction.class.getPermittedSubclasses()).flatMap(c -> Stream.of(c.getEnumConstants()))
            .map(Instruction.class::cast);
    }

    private void tryForm(Instruction instruction, Form form) {
        int[] operandSizes = form.args().stream().anyMatch(Arg::hasOperandSize)
            ? form.encoding() == Form.Encoding.LEGACY ? new int[] {64, 32, 16} : new int[] {64, 32} : new int[] {32};
        int[] widths = form.args().stream().anyMatch(arg -> arg.type == Arg.Type.VEC) ? new int[] {512, 256, 128}
            : new int[] {128};
        for (int operandBits : operandSizes) {
            for (int vectorBits : widths) {
                tryWidth(instruction, form, new Samples(form, operandBits, vectorBits));
            }
        }
    }

    private void tryWidth(Instruction instruction, Form form, Samples samples) {
        List<List<Operand>> choices = new ArrayList<>();
        for (int i = 0; i < form.args().size(); i++) {
            choices.add(samples.of(i));
            if (choices.getLast().isEmpty()) {
                return;
            }
        }
        List<Operand> plain = choices.stream().map(List::getFirst).toList();
        add(instruction, form, plain);
        for (int i = 0; i < choices.size(); i++) {
            for (Operand choice : choices.get(i)) {
                List<Operand> operands = new ArrayList<>(plain);
                operands.set(i, choice);
                add(instruction, form, operands);
            }
        }
        for (int i = 0; i < RANDOM_CASES; i++) {
            add(instruction, form, choices.stream().map(c -> c.get(random.nextInt(c.size()))).toList());
        }
    }

    private void add(Instruction instruction, Form form, List<Operand> operands) {
        if (form.match(operands) == null || isRefusedByHardware(instruction, operands)) {
            return;
        }
        for (Form first : instruction.forms().rows()) {
            if (first.match(operands) != null) {
                reached.add(first);
                break;
            }
        }
        X86Assembler assembler = new X86Assembler();
        assembler.emit(instruction, operands.toArray(Operand[]::new));
        cases.putIfAbsent(IntelSyntax.text(instruction, operands), assembler.assemble());
    }

    /** AMX needs three different tiles, which as checks. */
    private static boolean isRefusedByHardware(Instruction instruction, List<Operand> operands) {
        return instruction instanceof TileOp && operands.size() == 3 && new HashSet<>(operands).size() < 3;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

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
    private static final long SEED = 20261124;
    private static final int RANDOM_CASES = 20;
    private static final int SLOT = 4;

    private final Random random = new Random(SEED);
    private final Map<String, byte[]> cases = new LinkedHashMap<>();
    private final Set<Form> reached = new HashSet<>();

    @Test
    void everyFormEncodesAsGnuAsDoes() throws IOException, InterruptedException {
        Set<Form> all = new HashSet<>();
        instructions().forEach(instruction -> {
            for (Form form : instruction.forms().rows()) {
                if (form.args().stream().noneMatch(Arg.Target.class::isInstance)) {
                    all.add(form);
                    tryForm(instruction, form);
                }
            }
        });
        GnuAssembler.ARM64.compare(cases, SLOT);
        Set<Form> missed = all.stream().filter(form -> !reached.contains(form)).collect(Collectors.toSet());
        assertEquals(Set.of(), missed, "forms that no operands reach");
        assertTrue(cases.size() > 20_000, cases.size() + " cases");
    }

    static Stream<Instruction> instructions() {
        return Stream.of(Instruction.class.getPermittedSubclasses()).flatMap(c -> Stream.of(c.getEnumConstants()))
            .map(Instruction.class::cast);
    }

    private void tryForm(Instruction instruction, Form form) {
        List<List<Operand>> choices = form.args().stream().map(Samples::of).toList();
        List<Operand> plain = choices.stream().map(List::getFirst).toList();
        add(instruction, plain);
        for (int i = 0; i < choices.size(); i++) {
            for (Operand choice : choices.get(i)) {
                List<Operand> operands = new ArrayList<>(plain);
                operands.set(i, choice);
                add(instruction, operands);
            }
        }
        for (int i = 0; i < RANDOM_CASES; i++) {
            add(instruction, choices.stream().map(c -> c.get(random.nextInt(c.size()))).toList());
        }
    }

    private void add(Instruction instruction, List<Operand> operands) {
        if (isUnpredictable(instruction, operands)) {
            return;
        }
        for (Form first : instruction.forms().rows()) {
            if (first.matches(operands)) {
                reached.add(first);
                break;
            }
        }
        Arm64Assembler assembler = new Arm64Assembler();
        assembler.emit(instruction, operands.toArray(Operand[]::new));
        cases.putIfAbsent(text(instruction, operands), assembler.assemble());
    }

    static String text(Instruction instruction, List<Operand> operands) {
        return instruction.mnemonic() + " " + operands.stream().map(Operand::toString)
            .collect(Collectors.joining(", "));
    }

    /** What as refuses or warns of: a base that moves and is transferred too, one register loaded twice. */
    private static boolean isUnpredictable(Instruction instruction, List<Operand> operands) {
        if (!(instruction instanceof MemoryOp) || !(operands.getLast() instanceof Mem mem)) {
            return false;
        }
        boolean moves = mem.mode() == Mem.Mode.POST || mem.mode() == Mem.Mode.PRE;
        boolean isBase = moves && operands.stream().anyMatch(operand -> operand instanceof Reg reg
            && reg.number() == mem.base().number() && reg.number() < 31);
        return isBase || (instruction == MemoryOp.LDP && operands.get(0).equals(operands.get(1)));
    }
}

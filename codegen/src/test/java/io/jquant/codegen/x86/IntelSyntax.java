// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

import java.util.List;
import java.util.stream.Collectors;

/** Instructions as GNU as reads them after {@code .intel_syntax noprefix}. */
final class IntelSyntax {
    private static final String[] SIZES = {"byte", "word", "dword", "qword"};

    private IntelSyntax() {
    }

    static String text(Instruction instruction, List<Operand> operands) {
        // {load}: as would otherwise turn a copy between registers around where that saves a byte
        boolean copy = operands.size() == 2 && operands.stream().allMatch(o -> Form.unmasked(o) instanceof Vec)
            && instruction instanceof MoveOp;
        String prefix = ((Enum<?>) instruction).name().endsWith("_VEX") ? "{vex} " : copy ? "{load} " : "";
        return prefix + name(instruction, operands) + " "
            + operands.stream().map(o -> operand(o, elements(instruction, operands))).collect(Collectors.joining(", "));
    }

    private static String name(Instruction instruction, List<Operand> operands) {
        boolean wide = instruction == GeneralOp.MOV && operands.get(1) instanceof Imm imm
            && imm.value() != (int) imm.value() && operands.getFirst() instanceof Gpr gpr && gpr.bits() == 64;
        return wide ? "movabs" : instruction.mnemonic();
    }

    private static int elements(Instruction instruction, List<Operand> operands) {
        int width = operands.stream().map(Form::unmasked).filter(Vec.class::isInstance).map(Vec.class::cast)
            .mapToInt(Vec::bits).max().orElse(128);
        boolean wide = instruction.forms().rows().stream().anyMatch(form -> form.args().contains(Arg.WB8));
        return width / (wide ? 64 : 32);
    }

    private static String operand(Operand operand, int elements) {
        return switch (operand) {
            case Mem mem -> (mem.bytes() == 0 ? "" : SIZES[Integer.numberOfTrailingZeros(mem.bytes())] + " ptr ") + mem
                + (mem.isBroadcast() ? "{1to" + elements + "}" : "");
            case Masked masked -> operand(masked.target(), elements) + "{" + masked.mask() + "}"
                + (masked.zeroing() ? "{z}" : "");
            default -> operand.toString();
        };
    }
}

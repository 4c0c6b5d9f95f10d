// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

import static io.jquant.codegen.x86.Gpr.R12;
import static io.jquant.codegen.x86.Gpr.R13;
import static io.jquant.codegen.x86.Gpr.RAX;
import static io.jquant.codegen.x86.Gpr.RBP;
import static io.jquant.codegen.x86.Gpr.RCX;
import static io.jquant.codegen.x86.Gpr.RDI;
import static io.jquant.codegen.x86.Gpr.RSP;
import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.Mask.k;
import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.Tile.tmm;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Operands that touch every bit of an encoding. */
final class Samples {
    private final Form form;
    private final int operandBits;
    private final int vectorBits;

    /** For a form with operands of a general size and vectors of a width. */
    Samples(Form form, int operandBits, int vectorBits) {
        this.form = form;
        this.operandBits = operandBits;
        this.vectorBits = vectorBits;
    }

    /** What to try for one operand; the first is the plainest. Empty if this width is impossible. */
    List<Operand> of(int position) {
        Arg arg = form.args().get(position);
        List<Operand> all = new ArrayList<>(registers(arg));
        if (arg.takesMemory()) {
            all.addAll(memory(arg));
        }
        all.removeIf(operand -> !arg.accepts(operand, operandBits, vectorBits, isEvex()));
        if (position == 0 && form.isMaskable()) {
            masked(all);
        }
        return all;
    }

    private boolean isEvex() {
        return form.encoding() == Form.Encoding.EVEX;
    }

    private List<Operand> registers(Arg arg) {
        return switch (arg.type) {
            case GPR -> IntStream.of(1, 0, 3, 4, 5, 6, 7, 8, 12, 13, 15).boxed()
                .flatMap(n -> Stream.of(8, 16, 32, 64).<Operand>map(bits -> new Gpr(n, bits))).toList();
            case VEC -> IntStream.of(1, 0, 7, 8, 15, 16, 23, 24, 31).boxed()
                .flatMap(n -> Stream.of(128, 256, 512).<Operand>map(bits -> new Vec(n, bits))).toList();
            case MASK -> List.of(k(1), k(0), k(3), k(7));
            case TILE -> List.of(tmm(1), tmm(0), tmm(5), tmm(7));
            case IMM -> immediates(arg);
            case LABEL, NONE -> List.of();
        };
    }

    private static List<Operand> immediates(Arg arg) {
        return switch (arg) {
            case I64 -> List.of(imm(0x1234567890L), imm(Long.MIN_VALUE), imm(1L << 31), imm(0xFFFFFFFFL));
            case ONE -> List.of(imm(1));
            case IZ -> List.of(imm(0x1234), imm(1000), imm(-1000), imm(Integer.MAX_VALUE), imm(Integer.MIN_VALUE));
            case I8 -> List.of(imm(5), imm(-128), imm(127));
            default -> List.of(imm(5), imm(0), imm(127), imm(255));
        };
    }

    private List<Operand> memory(Arg arg) {
        List<Operand> result = new ArrayList<>();
        for (boolean broadcast : new boolean[] {false, true}) {
            int unit = Math.max(1, arg.memoryBytes(operandBits, vectorBits, broadcast));
            List<Mem> places = new ArrayList<>(List.of(at(RCX), at(RAX), at(RSP), at(RBP), at(R12), at(R13),
                at(RCX, RAX, 1, 0), at(RBP, RDI, 8, -4), at(R12, R13, 4, 1000), at(R13, R12, 2, 0),
                at(RSP, RAX, 1, unit), at(null, RCX, 4, 16), at(null, R13, 8, -1)));
            for (int disp : new int[] {1, -1, unit, -unit, 127, 128, -128, -129, 127 * unit, 128 * unit, -128 * unit,
                -129 * unit, 127 * unit + 1, 1 << 20, Integer.MIN_VALUE}) {
                places.add(at(RCX, disp));
                places.add(at(R12, disp));
            }
            for (Mem place : places) {
                Mem mem = broadcast ? place.broadcast() : place;
                result.add(form.encoding() == Form.Encoding.LEGACY && arg.type == Arg.Type.GPR ? mem.bytes(unit) : mem);
            }
        }
        return result;
    }

    private static void masked(List<Operand> all) {
        List<Operand> plain = List.copyOf(all);
        for (Operand operand : plain) {
            all.add(new Masked(operand, k(1), false));
            all.add(new Masked(operand, k(7), false));
            if (operand instanceof Vec vec) {
                all.add(vec.zero(k(2)));
                all.add(vec.zero(k(5)));
            }
        }
    }
}

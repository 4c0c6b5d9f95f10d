// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

import java.util.List;

/**
 * One way to encode an instruction: a row of the manuals' tables.
 *
 * @param encoding which prefix it has
 * @param prefix the mandatory prefix
 * @param map the opcode map
 * @param w the W bit
 * @param opcode the opcode byte
 * @param digit what modrm.reg holds instead of a register, or -1
 * @param isLong whether the length bit of a VEX mask instruction is set
 * @param isMaskable whether EVEX allows a write mask
 * @param args the operands
 */
record Form(Encoding encoding, Prefix prefix, OpcodeMap map, W w, int opcode, int digit, boolean isLong,
            boolean isMaskable, List<Arg> args) {

    /** How the prefix bytes look. */
    enum Encoding { LEGACY, VEX, EVEX }

    /** The mandatory prefix. */
    enum Prefix {
        NP(0), P66(1), PF3(2), PF2(3);

        /** The field pp of VEX and EVEX. */
        final int pp;

        Prefix(int pp) {
            this.pp = pp;
        }
    }

    /** The opcode map. */
    enum OpcodeMap {
        M0(0), M0F(1), M0F38(2), M0F3A(3);

        /** The field mmmmm of VEX, mmm of EVEX. */
        final int mm;

        OpcodeMap(int mm) {
            this.mm = mm;
        }
    }

    /** The W bit: 0, 1, 0 in VEX and 1 in EVEX, or as the operand size demands. */
    enum W { W0, W1, WV, WG }

    /** The instruction's sizes: that of its general registers and its widest vector, both in bits. */
    record Sizes(int operand, int vector) {
    }

    private static final int DEFAULT_OPERAND_BITS = 32;

    static Form legacy(Prefix prefix, OpcodeMap map, int opcode, Arg... args) {
        return new Form(Encoding.LEGACY, prefix, map, W.WG, opcode, -1, false, false, List.of(args));
    }

    static Form op(int opcode, Arg... args) {
        return legacy(Prefix.NP, OpcodeMap.M0, opcode, args);
    }

    static Form op0F(int opcode, Arg... args) {
        return legacy(Prefix.NP, OpcodeMap.M0F, opcode, args);
    }

    static Form vex(Prefix prefix, OpcodeMap map, W w, int opcode, Arg... args) {
        Arg[] plain = args.clone();
        for (int i = 0; i < plain.length; i++) {
            plain[i] = plain[i].withoutBroadcast();
        }
        return new Form(Encoding.VEX, prefix, map, w, opcode, -1, false, false, List.of(plain));
    }

    /** A VEX instruction on masks with the length bit set. */
    static Form vexLong(Prefix prefix, OpcodeMap map, W w, int opcode, Arg... args) {
        return new Form(Encoding.VEX, prefix, map, w, opcode, -1, true, false, List.of(args));
    }

    static Form evex(Prefix prefix, OpcodeMap map, W w, int opcode, Arg... args) {
        return new Form(Encoding.EVEX, prefix, map, w, opcode, -1, false, true, List.of(args));
    }

    /** An EVEX instruction that takes no write mask. */
    static Form evexUnmasked(Prefix prefix, OpcodeMap map, W w, int opcode, Arg... args) {
        return new Form(Encoding.EVEX, prefix, map, w, opcode, -1, false, false, List.of(args));
    }

    /** The two forms of an instruction that AVX and AVX-512 encode alike; the shorter, VEX, is preferred. */
    static List<Form> both(Prefix prefix, OpcodeMap map, W w, int opcode, Arg... args) {
        return List.of(vex(prefix, map, w, opcode, args), evex(prefix, map, w, opcode, args));
    }

    /** The same with a digit in modrm.reg. */
    Form digit(int value) {
        return new Form(encoding, prefix, map, w, opcode, value, isLong, isMaskable, args);
    }

    /** The same with the W bit set whatever the operands. */
    Form w1() {
        return new Form(encoding, prefix, map, W.W1, opcode, digit, isLong, isMaskable, args);
    }

    /** The W bit of this encoding. */
    boolean wide(Sizes sizes) {
        return switch (w) {
            case W0 -> false;
            case W1 -> true;
            case WV -> encoding == Encoding.EVEX;
            case WG -> sizes.operand() == 64;
        };
    }

    /** The sizes that these operands imply, or null where the form does not fit them. */
    Sizes match(List<Operand> operands) {
        if (operands.size() != args.size()) {
            return null;
        }
        if (!operands.isEmpty() && operands.getFirst() instanceof Masked && !isMaskable) {
            return null;
        }
        Sizes sizes = new Sizes(operandBits(operands), vectorBits(operands));
        if (encoding == Encoding.VEX && sizes.vector() > 256) {
            return null;
        }
        for (int i = 0; i < args.size(); i++) {
            Operand operand = i == 0 ? unmasked(operands.get(i)) : operands.get(i);
            if (!args.get(i).accepts(operand, sizes.operand(), sizes.vector(), encoding == Encoding.EVEX)
                || (operand instanceof Mem mem && isAmbiguous(mem, args.get(i)))) {
                return null;
            }
        }
        return sizes;
    }

    static Operand unmasked(Operand operand) {
        return operand instanceof Masked masked ? masked.target() : operand;
    }

    private int operandBits(List<Operand> operands) {
        int fromMemory = DEFAULT_OPERAND_BITS;
        for (int i = 0; i < args.size(); i++) {
            if (args.get(i).hasOperandSize()) {
                if (operands.get(i) instanceof Gpr gpr) {
                    return Math.max(gpr.bits(), 16);
                }
                if (operands.get(i) instanceof Mem mem && mem.bytes() >= 2 && mem.bytes() <= 8) {
                    fromMemory = mem.bytes() * 8;
                }
            }
        }
        return fromMemory;
    }

    private static int vectorBits(List<Operand> operands) {
        int widest = 128;
        for (Operand operand : operands) {
            if (unmasked(operand) instanceof Vec vec) {
                widest = Math.max(widest, vec.bits());
            }
        }
        return widest;
    }

    /** Whether only the memory operand itself could say how large it is, and does not. */
    private boolean isAmbiguous(Mem mem, Arg arg) {
        if (encoding != Encoding.LEGACY || mem.bytes() != 0 || arg.type != Arg.Type.GPR) {
            return false;
        }
        for (Arg other : args) {
            if (other != arg && other.type == Arg.Type.GPR && isSameSize(other, arg)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSameSize(Arg a, Arg b) {
        return a.hasOperandSize() ? b.hasOperandSize() : a == Arg.G8 && b == Arg.E8;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

/**
 * The kinds of operand that a form can have, in the letters of the manuals' opcode maps: G, V in modrm.reg; E, W in
 * modrm.rm; B, H in vvvv; M memory only; K masks, T tiles; then a fixed width, or the bytes of memory.
 */
enum Arg {
    G(Slot.REG, Type.GPR, 0, 0, 0),
    G8(Slot.REG, Type.GPR, 8, 0, 0),
    G32(Slot.REG, Type.GPR, 32, 0, 0),
    G64(Slot.REG, Type.GPR, 64, 0, 0),
    B(Slot.VVVV, Type.GPR, 0, 0, 0),
    O8(Slot.OPCODE, Type.GPR, 8, 0, 0),
    O(Slot.OPCODE, Type.GPR, 0, 0, 0),
    O64(Slot.OPCODE, Type.GPR, 64, 0, 0),
    A(Slot.IMPLICIT, Type.GPR, 0, 0, 0),
    E(Slot.RM, Type.GPR, 0, Arg.OPERAND_SIZE, 0),
    E8(Slot.RM, Type.GPR, 8, 1, 0),
    E16(Slot.RM, Type.GPR, 16, 2, 0),
    E32(Slot.RM, Type.GPR, 32, 4, 0),
    E64(Slot.RM, Type.GPR, 64, 8, 0),
    E32M1(Slot.RM, Type.GPR, 32, 1, 0),
    E32M2(Slot.RM, Type.GPR, 32, 2, 0),
    R32(Slot.RM, Type.GPR, 32, 0, 0),
    R64(Slot.RM, Type.GPR, 64, 0, 0),

    I8(Slot.IMM, Type.IMM, 8, 0, 0),
    U8(Slot.IMM, Type.IMM, 8, 0, 0),
    IZ(Slot.IMM, Type.IMM, 0, 0, 0),
    I64(Slot.IMM, Type.IMM, 64, 0, 0),
    ONE(Slot.IMPLICIT, Type.IMM, 0, 0, 0),
    REL8(Slot.IMM, Type.LABEL, 8, 0, 0),
    REL32(Slot.IMM, Type.LABEL, 32, 0, 0),

    V(Slot.REG, Type.VEC, -1, 0, 0),
    VX(Slot.REG, Type.VEC, 128, 0, 0),
    VY(Slot.REG, Type.VEC, 256, 0, 0),
    VZ(Slot.REG, Type.VEC, 512, 0, 0),
    VW(Slot.REG, Type.VEC, Arg.WIDE, 0, 0),
    H(Slot.VVVV, Type.VEC, -1, 0, 0),
    HX(Slot.VVVV, Type.VEC, 128, 0, 0),
    W(Slot.RM, Type.VEC, -1, -1, 0),
    WB4(Slot.RM, Type.VEC, -1, -1, 4),
    WB8(Slot.RM, Type.VEC, -1, -1, 8),
    WR(Slot.RM, Type.VEC, -1, 0, 0),
    W2(Slot.RM, Type.VEC, -2, -2, 0),
    W4(Slot.RM, Type.VEC, -4, -4, 0),
    W8(Slot.RM, Type.VEC, -8, -8, 0),
    WX1(Slot.RM, Type.VEC, 128, 1, 0),
    WX2(Slot.RM, Type.VEC, 128, 2, 0),
    WX4(Slot.RM, Type.VEC, 128, 4, 0),
    WX8(Slot.RM, Type.VEC, 128, 8, 0),
    WX16(Slot.RM, Type.VEC, 128, 16, 0),
    WY32(Slot.RM, Type.VEC, 256, 32, 0),

    M(Slot.RM, Type.NONE, 0, Arg.ANY_SIZE, 0),
    M1(Slot.RM, Type.NONE, 0, 1, 0),
    M2(Slot.RM, Type.NONE, 0, 2, 0),
    M4(Slot.RM, Type.NONE, 0, 4, 0),
    M8(Slot.RM, Type.NONE, 0, 8, 0),
    M16(Slot.RM, Type.NONE, 0, 16, 0),
    M32(Slot.RM, Type.NONE, 0, 32, 0),
    MV(Slot.RM, Type.NONE, 0, -1, 0),

    K(Slot.REG, Type.MASK, 0, 0, 0),
    KE(Slot.RM, Type.MASK, 0, 0, 0),
    KE1(Slot.RM, Type.MASK, 0, 1, 0),
    KE2(Slot.RM, Type.MASK, 0, 2, 0),
    KE4(Slot.RM, Type.MASK, 0, 4, 0),
    KE8(Slot.RM, Type.MASK, 0, 8, 0),
    KH(Slot.VVVV, Type.MASK, 0, 0, 0),

    T(Slot.REG, Type.TILE, 0, 0, 0),
    TE(Slot.RM, Type.TILE, 0, 0, 0),
    TH(Slot.VVVV, Type.TILE, 0, 0, 0),
    MT(Slot.RM, Type.NONE, 0, Arg.ANY_SIZE, 0);

    /** Where an operand goes. */
    enum Slot { REG, RM, VVVV, OPCODE, IMM, IMPLICIT }

    /** Which register file, if any. */
    enum Type { GPR, VEC, MASK, TILE, IMM, LABEL, NONE }

    private static final int OPERAND_SIZE = 1 << 20;
    private static final int ANY_SIZE = 1 << 21;
    private static final int WIDE = -100;

    final Slot slot;
    final Type type;
    private final int bits;
    private final int memory;
    private final int element;

    Arg(Slot slot, Type type, int bits, int memory, int element) {
        this.slot = slot;
        this.type = type;
        this.bits = bits;
        this.memory = memory;
        this.element = element;
    }

    /** Whether a general register here is of the instruction's operand size, and so decides it. */
    boolean hasOperandSize() {
        return type == Type.GPR && bits == 0;
    }

    boolean takesMemory() {
        return memory != 0;
    }

    /** The same without embedded broadcast, which VEX lacks. */
    Arg withoutBroadcast() {
        return element == 0 ? this : W;
    }

    /** Bytes of memory accessed, the unit of EVEX's compressed displacement; 0 for any. */
    int memoryBytes(int operandBits, int vectorBits, boolean broadcast) {
        if (broadcast) {
            return element;
        }
        return switch (memory) {
            case OPERAND_SIZE -> operandBits / 8;
            case ANY_SIZE -> 0;
            default -> memory > 0 ? memory : vectorBits / 8 / -memory;
        };
    }

    /** Bytes of the immediate. */
    int immediateBytes(int operandBits) {
        return slot != Slot.IMM ? 0 : bits == 0 ? Math.min(operandBits, 32) / 8 : bits / 8;
    }

    /**
     * Whether an operand can stand here.
     *
     * @param operand the operand, unmasked
     * @param operandBits the instruction's operand size
     * @param vectorBits the widest vector register of the instruction
     * @param evex whether the encoding has broadcast and registers above 15
     */
    boolean accepts(Operand operand, int operandBits, int vectorBits, boolean evex) {
        if (operand instanceof Mem mem) {
            return acceptsMemory(mem, operandBits, vectorBits, evex);
        }
        return switch (type) {
            case GPR -> operand instanceof Gpr gpr && gpr.bits() == (bits == 0 ? operandBits : bits)
                && (slot != Slot.IMPLICIT || gpr.number() == 0) && (this != O || operandBits < 64);
            case VEC -> operand instanceof Vec vec && (evex || vec.number() < 16)
                && vec.bits() == vectorWidth(vectorBits);
            case MASK -> operand instanceof Mask;
            case TILE -> operand instanceof Tile;
            case IMM -> operand instanceof Imm imm && acceptsValue(imm.value(), operandBits);
            case LABEL -> bits == 8 ? operand instanceof Label.Near : operand instanceof Label;
            case NONE -> false;
        };
    }

    private int vectorWidth(int vectorBits) {
        if (bits == WIDE) {
            return Math.max(vectorBits, 256);
        }
        return bits > 0 ? bits : Math.max(128, vectorBits / -bits);
    }

    private boolean acceptsMemory(Mem mem, int operandBits, int vectorBits, boolean evex) {
        boolean canBroadcast = element != 0 && evex;
        if (memory == 0 || (mem.isBroadcast() && !canBroadcast) || (this == MT && mem.label() != null)) {
            return false;
        }
        int expected = memoryBytes(operandBits, vectorBits, mem.isBroadcast());
        return mem.bytes() == 0 || expected == 0 || mem.bytes() == expected;
    }

    private boolean acceptsValue(long value, int operandBits) {
        return switch (this) {
            case I8 -> value >= Byte.MIN_VALUE && value <= Byte.MAX_VALUE;
            case U8 -> value >= Byte.MIN_VALUE && value <= 0xFF;
            case ONE -> value == 1;
            case I64 -> true;
            default -> operandBits == 64 ? value == (int) value
                : value >= -(1L << (operandBits - 1)) && value < 1L << operandBits;
        };
    }
}

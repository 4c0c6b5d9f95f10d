// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

/**
 * A general register. The old upper bytes ah, bh, ch, dh are left out: 4 to 7 with 8 bits are spl, bpl, sil, dil.
 *
 * @param number 0 to 15 in the hardware's order: rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8 to r15
 * @param bits 8, 16, 32 or 64
 */
public record Gpr(int number, int bits) implements Operand {
    /** rax, 64 bits. */
    public static final Gpr RAX = new Gpr(0, 64);
    /** rcx, 64 bits. */
    public static final Gpr RCX = new Gpr(1, 64);
    /** rdx, 64 bits. */
    public static final Gpr RDX = new Gpr(2, 64);
    /** rbx, 64 bits. */
    public static final Gpr RBX = new Gpr(3, 64);
    /** rsp, 64 bits: the stack pointer. */
    public static final Gpr RSP = new Gpr(4, 64);
    /** rbp, 64 bits. */
    public static final Gpr RBP = new Gpr(5, 64);
    /** rsi, 64 bits. */
    public static final Gpr RSI = new Gpr(6, 64);
    /** rdi, 64 bits. */
    public static final Gpr RDI = new Gpr(7, 64);
    /** r8, 64 bits. */
    public static final Gpr R8 = new Gpr(8, 64);
    /** r9, 64 bits. */
    public static final Gpr R9 = new Gpr(9, 64);
    /** r10, 64 bits. */
    public static final Gpr R10 = new Gpr(10, 64);
    /** r11, 64 bits. */
    public static final Gpr R11 = new Gpr(11, 64);
    /** r12, 64 bits. */
    public static final Gpr R12 = new Gpr(12, 64);
    /** r13, 64 bits. */
    public static final Gpr R13 = new Gpr(13, 64);
    /** r14, 64 bits. */
    public static final Gpr R14 = new Gpr(14, 64);
    /** r15, 64 bits. */
    public static final Gpr R15 = new Gpr(15, 64);
    /** The low half of rax. */
    public static final Gpr EAX = RAX.as(32);
    /** The low half of rcx. */
    public static final Gpr ECX = RCX.as(32);
    /** The low half of rdx. */
    public static final Gpr EDX = RDX.as(32);

    private static final String[] LEGACY = {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di"};

    /** Checks number and width. */
    public Gpr {
        if (number < 0 || number > 15) {
            throw new IllegalArgumentException("number = " + number + ": a general register is 0 to 15");
        }
        if (bits != 8 && bits != 16 && bits != 32 && bits != 64) {
            throw new IllegalArgumentException("bits = " + bits + ": must be 8, 16, 32 or 64");
        }
    }

    /**
     * The register of the same number with another width; writing 32 bits clears the upper half.
     *
     * @param width 8, 16, 32 or 64
     * @return the register
     */
    public Gpr as(int width) {
        return new Gpr(number, width);
    }

    @Override
    public String toString() {
        if (number > 7) {
            return "r" + number + (bits == 64 ? "" : bits == 32 ? "d" : bits == 16 ? "w" : "b");
        }
        String name = LEGACY[number];
        return switch (bits) {
            case 64 -> "r" + name;
            case 32 -> "e" + name;
            case 16 -> name;
            default -> number < 4 ? name.charAt(0) + "l" : name + "l";
        };
    }
}

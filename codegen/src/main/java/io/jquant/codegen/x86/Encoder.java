// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

import io.jquant.codegen.x86.Form.Encoding;
import io.jquant.codegen.x86.Form.Sizes;
import java.util.List;

/** Turns one instruction, its form already chosen, into bytes. */
final class Encoder {
    private static final int NO_INDEX = 4;
    private static final int NO_BASE = 5;
    private static final int SIB_FOLLOWS = 4;

    private final Code code;
    private final Form form;
    private final Sizes sizes;
    private final List<Operand> operands;
    private int reg;
    private int vvvv;
    private int opcodeReg;
    private Operand rm;
    private Arg rmArg;
    private int immediateBytes;
    private boolean hasReg;
    private boolean needsRex;

    private Encoder(Code code, Form form, Sizes sizes, List<Operand> operands) {
        this.code = code;
        this.form = form;
        this.sizes = sizes;
        this.operands = operands;
    }

    static void encode(Code code, Form form, Sizes sizes, List<Operand> operands) {
        Encoder encoder = new Encoder(code, form, sizes, operands);
        encoder.place();
        switch (form.encoding()) {
            case LEGACY -> encoder.legacyPrefix();
            case VEX -> encoder.vexPrefix();
            case EVEX -> encoder.evexPrefix();
        }
        code.put(form.opcode() + (encoder.opcodeReg & 7));
        encoder.modrm();
        encoder.immediates();
    }

    private void place() {
        hasReg = form.digit() >= 0;
        reg = hasReg ? form.digit() : 0;
        for (int i = 0; i < operands.size(); i++) {
            Arg arg = form.args().get(i);
            Operand operand = Form.unmasked(operands.get(i));
            immediateBytes += arg.immediateBytes(sizes.operand());
            // without a REX prefix, byte registers 4 to 7 would be ah, ch, dh, bh
            needsRex |= operand instanceof Gpr gpr && gpr.bits() == 8 && gpr.number() >= 4;
            switch (arg.slot) {
                case REG -> {
                    reg = number(operand);
                    hasReg = true;
                }
                case VVVV -> vvvv = number(operand);
                case OPCODE -> opcodeReg = number(operand);
                case RM -> {
                    rm = operand;
                    rmArg = arg;
                }
                case IMM, IMPLICIT -> { }
            }
        }
    }

    private static int number(Operand operand) {
        // the vectors first, they are most; a switch over types costs milliseconds the first time
        if (operand instanceof Vec vec) {
            return vec.number();
        }
        if (operand instanceof Gpr gpr) {
            return gpr.number();
        }
        return operand instanceof Mask mask ? mask.number() : ((Tile) operand).number();
    }

    /** Bit 3 of the base, or of the register that modrm.rm or the opcode holds. */
    private int extensionB() {
        int low = rm == null ? opcodeReg : rm instanceof Mem mem ? mem.base() == null ? 0 : mem.base().number()
            : number(rm);
        return low >> 3 & 1;
    }

    /** Bit 3 of the index; in EVEX also bit 4 of a vector register in modrm.rm. */
    private int extensionX() {
        if (rm instanceof Mem mem) {
            return mem.index() == null ? 0 : mem.index().number() >> 3 & 1;
        }
        return rm instanceof Vec vec ? vec.number() >> 4 & 1 : 0;
    }

    private void legacyPrefix() {
        if (sizes.operand() == 16) {
            code.put(0x66);
        }
        switch (form.prefix()) {
            case NP -> { }
            case P66 -> code.put(0x66);
            case PF3 -> code.put(0xF3);
            case PF2 -> code.put(0xF2);
        }
        int rex = (form.wide(sizes) ? 8 : 0) | (reg >> 3 & 1) << 2 | extensionX() << 1 | extensionB();
        if (rex != 0 || needsRex) {
            code.put(0x40 | rex);
        }
        switch (form.map()) {
            case M0 -> { }
            case M0F -> code.put(0x0F);
            case M0F38 -> code.put(0x380F, 2);
            case M0F3A -> code.put(0x3A0F, 2);
        }
    }

    private void vexPrefix() {
        int r = ~reg >> 3 & 1;
        int last = (~vvvv & 15) << 3 | (sizes.vector() == 256 || form.isLong() ? 4 : 0) | form.prefix().pp;
        boolean wide = form.wide(sizes);
        if (extensionX() == 0 && extensionB() == 0 && !wide && form.map() == Form.OpcodeMap.M0F) {
            code.put(0xC5);
            code.put(r << 7 | last);
        } else {
            code.put(0xC4);
            code.put(r << 7 | (extensionX() ^ 1) << 6 | (extensionB() ^ 1) << 5 | form.map().mm);
            code.put((wide ? 0x80 : 0) | last);
        }
    }

    private void evexPrefix() {
        Masked masked = operands.getFirst() instanceof Masked m ? m : null;
        boolean broadcast = rm instanceof Mem mem && mem.isBroadcast();
        code.put(0x62);
        code.put((~reg >> 3 & 1) << 7 | (extensionX() ^ 1) << 6 | (extensionB() ^ 1) << 5 | (~reg >> 4 & 1) << 4
            | form.map().mm);
        code.put((form.wide(sizes) ? 0x80 : 0) | (~vvvv & 15) << 3 | 4 | form.prefix().pp);
        code.put((masked != null && masked.zeroing() ? 0x80 : 0) | (sizes.vector() >> 8) << 5 | (broadcast ? 0x10 : 0)
            | (~vvvv >> 4 & 1) << 3 | (masked == null ? 0 : masked.mask().number()));
    }

    private void modrm() {
        if (rm instanceof Mem mem) {
            memory(mem);
        } else if (rm != null) {
            code.put(0xC0 | (reg & 7) << 3 | (number(rm) & 7));
        } else if (hasReg) {
            code.put(0xC0 | (reg & 7) << 3);
        }
    }

    private void memory(Mem mem) {
        int regBits = (reg & 7) << 3;
        if (mem.label() != null) {
            code.put(regBits | NO_BASE);
            code.putDistance(mem.label(), 4, immediateBytes, mem.disp());
            return;
        }
        if (mem.base() == null) {
            code.put(regBits | SIB_FOLLOWS);
            code.put(sib(mem, NO_BASE));
            code.put((long) mem.disp(), 4);
            return;
        }
        int unit = displacementUnit(mem);
        int scaled = mem.disp() / unit;
        int base = mem.base().number() & 7;
        boolean isShort = mem.disp() % unit == 0 && scaled == (byte) scaled;
        // rbp and r13 without a displacement would mean no base
        int mod = mem.disp() == 0 && base != NO_BASE ? 0 : isShort ? 0x40 : 0x80;
        if (mem.index() != null || base == SIB_FOLLOWS || rmArg == Arg.MT) {
            code.put(mod | regBits | SIB_FOLLOWS);
            code.put(sib(mem, base));
        } else {
            code.put(mod | regBits | base);
        }
        if (mod != 0) {
            code.put(isShort ? scaled : mem.disp(), isShort ? 1 : 4);
        }
    }

    private static int sib(Mem mem, int base) {
        int index = mem.index() == null ? NO_INDEX : mem.index().number() & 7;
        return Integer.numberOfTrailingZeros(mem.scale()) << 6 | index << 3 | base;
    }

    /** EVEX counts a one-byte displacement in units of what is accessed. */
    private int displacementUnit(Mem mem) {
        return form.encoding() != Encoding.EVEX ? 1
            : rmArg.memoryBytes(sizes.operand(), sizes.vector(), mem.isBroadcast());
    }

    private void immediates() {
        for (int i = 0; i < operands.size(); i++) {
            Arg arg = form.args().get(i);
            int bytes = arg.immediateBytes(sizes.operand());
            if (operands.get(i) instanceof Imm imm) {
                code.put(imm.value(), bytes);
            } else if (bytes > 0) {
                code.putDistance(X86Assembler.labelOf(operands.get(i)), bytes, 0, 0);
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.FloatOp.VANDPS;
import static io.jquant.codegen.x86.FloatOp.VCMPPS;
import static io.jquant.codegen.x86.FloatOp.VCVTPS2DQ;
import static io.jquant.codegen.x86.FloatOp.VMINPS;
import static io.jquant.codegen.x86.GeneralOp.BZHI;
import static io.jquant.codegen.x86.GeneralOp.MOV;
import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.IntegerOp.VPADDSW;
import static io.jquant.codegen.x86.IntegerOp.VPMAXSB;
import static io.jquant.codegen.x86.IntegerOp.VPMAXUB;
import static io.jquant.codegen.x86.IntegerOp.VPMINSB;
import static io.jquant.codegen.x86.IntegerOp.VPMINUB;
import static io.jquant.codegen.x86.IntegerOp.VPXOR;
import static io.jquant.codegen.x86.IntegerOp.VPXORD;
import static io.jquant.codegen.x86.Mask.k;
import static io.jquant.codegen.x86.MaskOp.KMOVQ;
import static io.jquant.codegen.x86.MaskOp.KSHIFTRQ;
import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU8;
import static io.jquant.codegen.x86.MoveOp.VMOVUPS;
import static io.jquant.codegen.x86.MoveOp.VPBROADCASTB;
import static io.jquant.codegen.x86.MoveOp.VPBROADCASTD;
import static io.jquant.codegen.x86.MoveOp.VPBROADCASTW;
import static io.jquant.codegen.x86.ShuffleOp.VPACKSSDW;
import static io.jquant.codegen.x86.ShuffleOp.VPACKSSWB;
import static io.jquant.codegen.x86.ShuffleOp.VPACKUSWB;
import static io.jquant.codegen.x86.ShuffleOp.VPERMD;
import static io.jquant.codegen.x86.ShuffleOp.VPUNPCKHBW;
import static io.jquant.codegen.x86.ShuffleOp.VPUNPCKHWD;
import static io.jquant.codegen.x86.ShuffleOp.VPUNPCKLBW;
import static io.jquant.codegen.x86.ShuffleOp.VPUNPCKLWD;

import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Label;
import io.jquant.codegen.x86.Mask;
import io.jquant.codegen.x86.Mem;
import io.jquant.codegen.x86.MoveOp;
import io.jquant.codegen.x86.Operand;
import io.jquant.codegen.x86.Vec;
import io.jquant.codegen.x86.X86Assembler;
import io.jquant.kernels.common.ElementArguments;
import io.jquant.kernels.common.ElementShape.Element;
import java.util.List;

/**
 * A vector of bytes, and four vectors of 32 bits for each of its bytes. Of every block of 16 bytes each four belong to
 * another of the four vectors: so widening and narrowing stay within blocks. Registers up to 8 are the stages'; those
 * from 9 on hold numbers, on 256 bits the most wanted ones.
 */
final class ElementVectors {
    /** Where the arguments are. */
    static final Gpr ARGUMENTS = Gpr.R10;
    /** The elements of the last block. */
    static final Mask BYTES = k(1);

    private static final int NUMBERS = 16;
    private static final List<ElementNumber> MOST_WANTED = List.of(ElementNumber.LEFT_ZERO, ElementNumber.LEFT_SCALE,
            ElementNumber.RIGHT_ZERO, ElementNumber.RIGHT_SCALE, ElementNumber.FACTOR);
    private static final int FIRST_WANTED = 9;
    private static final int REAL = 14;
    private static final int ZEROS = 15;
    /** The upper word of 2^23, of which the lower bits are those of an integer. */
    private static final int REAL_WORD = 0x4B00;
    private static final int ORDERED = 7;
    private static final Mask SOME = k(6);

    private final X86Assembler a;
    private final boolean wide;
    private final Label realWord;
    private final Label gather;
    private final Label scatter;

    ElementVectors(X86Assembler a, boolean wide) {
        this.a = a;
        this.wide = wide;
        realWord = a.label();
        gather = a.label();
        scatter = a.label();
    }

    /** Bytes of a vector. */
    int bytes() {
        return bytes(wide);
    }

    static int bytes(boolean wide) {
        return wide ? 64 : 32;
    }

    Vec vec(int number) {
        return new Vec(number, wide ? 512 : 256);
    }

    /** A number in every lane: a second source. */
    Operand number(ElementNumber number) {
        int wanted = MOST_WANTED.indexOf(number);
        if (wide) {
            return vec(NUMBERS + number.index());
        }
        return wanted >= 0 ? vec(FIRST_WANTED + wanted)
                : at(ARGUMENTS, ElementArguments.OWN + 32 * number.index());
    }

    /** Appends the making of vectors of the numbers. */
    void prepare() {
        for (ElementNumber number : ElementNumber.values()) {
            MoveOp broadcast = switch (number.lane) {
                case 8 -> VPBROADCASTB;
                case 16 -> VPBROADCASTW;
                default -> VPBROADCASTD;
            };
            Vec vector = number(number) instanceof Vec register ? register : vec(0);
            a.emit(broadcast, vector, at(ARGUMENTS, number.place()));
            if (number(number) instanceof Mem memory) {
                a.emit(VMOVDQU, memory, vector);
            }
        }
        a.emit(VPBROADCASTW, vec(REAL), at(realWord));
        a.emit(wide ? VPXORD : VPXOR, vec(ZEROS), vec(ZEROS), vec(ZEROS));
    }

    /** Appends constants; to be placed where no execution comes along. */
    void constants() {
        a.align(64);
        int blocks = bytes() / 16;
        a.bind(gather);
        for (int i = 0; i < 4 * blocks; i++) {
            a.dataInt(i % blocks * 4 + i / blocks);
        }
        a.bind(scatter);
        for (int i = 0; i < 4 * blocks; i++) {
            a.dataInt(i % 4 * blocks + i / 4);
        }
        a.bind(realWord);
        a.dataInt(REAL_WORD);
    }

    /** Appends the masks of a last block of some elements: of bytes, and of each of four vectors of floats. */
    void masks(Gpr count, Gpr scratch) {
        a.emit(MOV, scratch, imm(-1));
        a.emit(BZHI, scratch, scratch, count);
        a.emit(KMOVQ, BYTES, scratch);
        a.emit(KMOVQ, floats(0), BYTES);
        for (int i = 1; i < 4; i++) {
            a.emit(KSHIFTRQ, floats(i), BYTES, imm(16L * i));
        }
    }

    private static Mask floats(int which) {
        return k(2 + which);
    }

    /** Appends the loading of a vector of bytes as they are. */
    void loadBytes(Vec to, Mem from, boolean masked) {
        if (!wide) {
            a.emit(VMOVDQU, to, from);
        } else {
            a.emit(VMOVDQU8, masked ? to.zero(BYTES) : to, from);
        }
    }

    /** Appends the storing of a vector of bytes. */
    void storeBytes(Mem to, Vec from, boolean masked) {
        if (!wide) {
            a.emit(VMOVDQU, to, from);
        } else {
            a.emit(VMOVDQU8, masked ? to.merge(BYTES) : to, from);
        }
    }

    /** Appends the loading of four vectors of floats, in the order of memory. */
    void loadFloats(int first, Mem from, boolean masked) {
        for (int i = 0; i < 4; i++) {
            Vec to = vec(first + i);
            a.emit(VMOVUPS, masked ? to.zero(floats(i)) : to, from.plus(i * bytes()));
        }
    }

    /** Appends the storing of four vectors of floats. */
    void storeFloats(Mem to, int first, boolean masked) {
        for (int i = 0; i < 4; i++) {
            Mem place = to.plus(i * bytes());
            a.emit(VMOVUPS, masked ? place.merge(floats(i)) : place, vec(first + i));
        }
    }

    /** Appends the making of u8 of s8: each is 128 more. */
    void unsign(Vec bytes, Element element) {
        if (element == Element.S8) {
            a.emit(wide ? VPXORD : VPXOR, bytes, bytes, number(ElementNumber.SIGNS));
        }
    }

    /** Appends the widening of the u8 in the last of four registers to words in the first and the third. */
    void widenToWords(int first) {
        Vec bytes = vec(first + 3);
        a.emit(VPUNPCKLBW, vec(first), bytes, vec(ZEROS));
        a.emit(VPUNPCKHBW, vec(first + 2), bytes, vec(ZEROS));
    }

    /** Appends the widening of those words to all four: integers, or binary32 that are 2^23 more. */
    void widenWords(int first, boolean real) {
        Vec upper = vec(real ? REAL : ZEROS);
        for (int i = first; i < first + 4; i += 2) {
            a.emit(VPUNPCKHWD, vec(i + 1), vec(i), upper);
            a.emit(VPUNPCKLWD, vec(i), vec(i), upper);
        }
    }

    /** Appends a change of order: of bytes in the order of memory, so that widening keeps that order. */
    void scatter(Vec bytes) {
        permute(bytes, scatter);
    }

    /** Appends a change of order: of bytes that were narrowed from vectors in the order of memory. */
    void gather(Vec bytes) {
        permute(bytes, gather);
    }

    private void permute(Vec bytes, Label order) {
        Vec index = vec(8);
        a.emit(VMOVUPS, index, at(order));
        a.emit(VPERMD, bytes, index, bytes);
    }

    /** Appends the rounding of four vectors of floats; NaN becomes 0, large ones are bounded where there may be any. */
    void round(int first, boolean any) {
        for (int i = first; i < first + 4; i++) {
            Vec steps = vec(i);
            if (any && wide) {
                a.emit(VCMPPS, SOME, steps, steps, imm(ORDERED));
                a.emit(VMINPS, steps.zero(SOME), steps, number(ElementNumber.HIGH));
            } else if (any) {
                a.emit(VCMPPS, vec(8), steps, steps, imm(ORDERED));
                a.emit(VANDPS, steps, steps, vec(8));
                a.emit(VMINPS, steps, steps, number(ElementNumber.HIGH));
            }
            // from below, narrowing saturates
            a.emit(VCVTPS2DQ, steps, steps);
        }
    }

    /** Appends the narrowing of four vectors of integers to the bytes of the first, the zero point added. */
    void narrow(int first, Element element, boolean boundedAbove) {
        boolean signed = element == Element.S8;
        for (int i = first; i < first + 4; i += 2) {
            a.emit(VPACKSSDW, vec(i), vec(i), vec(i + 1));
            a.emit(VPADDSW, vec(i), vec(i), number(ElementNumber.ZERO_POINT));
        }
        Vec bytes = vec(first);
        a.emit(signed ? VPACKSSWB : VPACKUSWB, bytes, bytes, vec(first + 2));
        bound(bytes, element, boundedAbove);
    }

    /** Appends the bounds of the output's bytes. */
    void bound(Vec bytes, Element element, boolean above) {
        boolean signed = element == Element.S8;
        a.emit(signed ? VPMAXSB : VPMAXUB, bytes, bytes, number(ElementNumber.SMALLEST));
        if (above) {
            a.emit(signed ? VPMINSB : VPMINUB, bytes, bytes, number(ElementNumber.LARGEST));
        }
    }
}

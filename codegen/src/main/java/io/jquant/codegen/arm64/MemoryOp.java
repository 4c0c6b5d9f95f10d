// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

import static io.jquant.codegen.arm64.Args.NEAR;
import static io.jquant.codegen.arm64.Args.WA;
import static io.jquant.codegen.arm64.Args.WD;
import static io.jquant.codegen.arm64.Args.XA;
import static io.jquant.codegen.arm64.Args.XD;
import static io.jquant.codegen.arm64.Args.va;
import static io.jquant.codegen.arm64.Args.vd;
import static io.jquant.codegen.arm64.Form.form;

import io.jquant.codegen.arm64.Arg.Indexed;
import io.jquant.codegen.arm64.Arg.LoadedLane;
import io.jquant.codegen.arm64.Arg.Moving;
import io.jquant.codegen.arm64.Arg.Purpose;
import io.jquant.codegen.arm64.Arg.Registers;
import io.jquant.codegen.arm64.Mem.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Loads and stores. */
public enum MemoryOp implements Instruction {
    /** Loads a register. */
    LDR(Forms.of(single(0xB9400000, WD, 4), single(0xF9400000, XD, 8), scalars(true),
        List.of(form(0x18000000, WD, NEAR), form(0x58000000, XD, NEAR), form(0x1C000000, vd(Shape.S), NEAR),
            form(0x5C000000, vd(Shape.D), NEAR), form(0x9C000000, vd(Shape.Q), NEAR)))),
    /** Loads a byte, filling up with zeros. */
    LDRB(Forms.of(single(0x39400000, WD, 1))),
    /** Loads a byte, filling up with its sign. */
    LDRSB(Forms.of(single(0x39C00000, WD, 1), single(0x39800000, XD, 1))),
    /** Loads 16 bits, filling up with zeros. */
    LDRH(Forms.of(single(0x79400000, WD, 2))),
    /** Loads 32 bits, filling up with their sign. */
    LDRSW(Forms.of(single(0xB9800000, XD, 4))),
    /** Stores a register. */
    STR(Forms.of(single(0xB9000000, WD, 4), single(0xF9000000, XD, 8), scalars(false))),
    /** Stores a byte. */
    STRB(Forms.of(single(0x39000000, WD, 1))),
    /** Stores 16 bits. */
    STRH(Forms.of(single(0x79000000, WD, 2))),
    /** Loads two registers. */
    LDP(Forms.of(pairs(0x00400000))),
    /** Stores two registers. */
    STP(Forms.of(pairs(0))),
    /** Fetches memory into a cache. */
    PRFM(Forms.of(form(0xF9800000, new Purpose(), Args.scaled(8)),
        form(0xF8800000, new Purpose(), Args.unscaled(Mode.OFFSET)),
        form(0xF8A06800, new Purpose(), new Indexed(3)))),
    /** Loads one to four registers, or one lane of one. */
    LD1(Forms.of(multiple(0x0C400000), lanes(0x0D400000))),
    /** Stores one to four registers, or one lane of one. */
    ST1(Forms.of(multiple(0x0C000000), lanes(0x0D000000))),
    /** Loads one element into all lanes. */
    LD1R(Forms.of(repeated()));

    // unmodifiable, though not declared so to the checker
    @SuppressWarnings("ImmutableEnumChecker")
    private final Forms forms;

    MemoryOp(Forms forms) {
        this.forms = forms;
    }

    @Override
    public String mnemonic() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Forms forms() {
        return forms;
    }

    /** The forms of one register, from that with an offset of twelve bits. */
    private static List<Form> single(int scaled, Arg register, int bytes) {
        int other = scaled & ~(1 << 24);
        return List.of(form(scaled, register, Args.scaled(bytes)),
            form(other, register, Args.unscaled(Mode.OFFSET)),
            form(other | 0x400, register, Args.unscaled(Mode.POST)),
            form(other | 0xC00, register, Args.unscaled(Mode.PRE)),
            form(other | 0x00206800, register, new Indexed(Integer.numberOfTrailingZeros(bytes))));
    }

    private static List<Form> scalars(boolean isLoad) {
        List<Form> rows = new ArrayList<>();
        for (Shape scalar : List.of(Shape.B, Shape.H, Shape.S, Shape.D, Shape.Q)) {
            int size = scalar == Shape.Q ? 1 << 23 : scalar.size() << 30;
            rows.addAll(single(0x3D000000 | size | (isLoad ? 1 << 22 : 0), vd(scalar), scalar.bytes()));
        }
        return rows;
    }

    private static List<Form> pairs(int load) {
        List<Form> rows = new ArrayList<>();
        rows.addAll(pair(0x29000000 | load, WD, WA, 4));
        rows.addAll(pair(0xA9000000 | load, XD, XA, 8));
        rows.addAll(pair(0x2D000000 | load, vd(Shape.S), va(Shape.S), 4));
        rows.addAll(pair(0x6D000000 | load, vd(Shape.D), va(Shape.D), 8));
        rows.addAll(pair(0xAD000000 | load, vd(Shape.Q), va(Shape.Q), 16));
        return rows;
    }

    private static List<Form> pair(int bits, Arg first, Arg second, int bytes) {
        return List.of(form(bits, first, second, Args.pair(Mode.OFFSET, bytes)),
            form(bits ^ 3 << 23, first, second, Args.pair(Mode.POST, bytes)),
            form(bits | 1 << 23, first, second, Args.pair(Mode.PRE, bytes)));
    }

    private static List<Form> multiple(int bits) {
        List<Form> rows = new ArrayList<>();
        for (Shape shape : VectorForms.VECTORS) {
            for (int count = 1; count <= 4; count++) {
                int opcode = switch (count) {
                    case 1 -> 0x7000;
                    case 2 -> 0xA000;
                    case 3 -> 0x6000;
                    default -> 0x2000;
                };
                int one = bits | opcode | shape.size() << 10 | (shape.isFull() ? 1 << 30 : 0);
                rows.addAll(moving(one, new Registers(0, count, shape), count * shape.bytes()));
            }
        }
        return rows;
    }

    private static List<Form> lanes(int bits) {
        List<Form> rows = new ArrayList<>();
        for (Shape scalar : List.of(Shape.B, Shape.H, Shape.S, Shape.D)) {
            int opcode = scalar == Shape.D ? 0x8400 : Math.min(scalar.size(), 2) << 14;
            rows.addAll(moving(bits | opcode, new LoadedLane(scalar), scalar.bytes()));
        }
        return rows;
    }

    private static List<Form> repeated() {
        List<Form> rows = new ArrayList<>();
        for (Shape shape : VectorForms.VECTORS) {
            int one = 0x0D40C000 | shape.size() << 10 | (shape.isFull() ? 1 << 30 : 0);
            rows.addAll(moving(one, new Registers(0, 1, shape), shape.elementBytes()));
        }
        return rows;
    }

    private static List<Form> moving(int bits, Arg registers, int bytes) {
        return List.of(form(bits, registers, new Moving(Mode.OFFSET, 0)),
            form(bits | 1 << 23, registers, new Moving(Mode.POST, bytes)),
            form(bits | 1 << 23, registers, new Moving(Mode.POST_INDEX, bytes)));
    }
}

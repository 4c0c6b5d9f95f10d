// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

import static io.jquant.codegen.arm64.Args.vd;
import static io.jquant.codegen.arm64.Args.vm;
import static io.jquant.codegen.arm64.Args.vn;
import static io.jquant.codegen.arm64.Args.vnm;
import static io.jquant.codegen.arm64.Form.form;

import io.jquant.codegen.arm64.Arg.Constant;
import io.jquant.codegen.arm64.Arg.LaneField;
import io.jquant.codegen.arm64.Arg.OneLane;
import io.jquant.codegen.arm64.Arg.Registers;
import io.jquant.codegen.arm64.Arg.SplitByte;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Vector instructions that move lanes, and those that set them. */
public enum ShuffleOp implements Instruction {
    /** Copies a register. */
    MOV(moves()),
    /** Sets all lanes to a constant of eight bits. */
    MOVI(constants()),
    /** Sets all lanes to the complement of a constant of eight bits. */
    MVNI(complements()),
    /** Copies a lane, or a general register, to all lanes. */
    DUP(repeated()),
    /** Copies a lane, or a general register, to one lane. */
    INS(inserted()),
    /** Copies a lane to a general register, filling up with zeros. */
    UMOV(Forms.of(form(0x0E003C00, Args.WD, from(Shape.B)), form(0x0E003C00, Args.WD, from(Shape.H)),
        form(0x0E003C00, Args.WD, from(Shape.S)), form(0x4E003C00, Args.XD, from(Shape.D)))),
    /** Copies a lane to a general register, filling up with its sign. */
    SMOV(Forms.of(form(0x0E002C00, Args.WD, from(Shape.B)), form(0x0E002C00, Args.WD, from(Shape.H)),
        form(0x4E002C00, Args.XD, from(Shape.B)), form(0x4E002C00, Args.XD, from(Shape.H)),
        form(0x4E002C00, Args.XD, from(Shape.S)))),
    /** Interleaves the lower halves. */
    ZIP1(VectorForms.same(0x0E003800, VectorForms.SUMS)),
    /** Interleaves the upper halves. */
    ZIP2(VectorForms.same(0x0E007800, VectorForms.SUMS)),
    /** The even lanes of both sources. */
    UZP1(VectorForms.same(0x0E001800, VectorForms.SUMS)),
    /** The odd lanes of both sources. */
    UZP2(VectorForms.same(0x0E005800, VectorForms.SUMS)),
    /** The even lanes of both sources, in turn. */
    TRN1(VectorForms.same(0x0E002800, VectorForms.SUMS)),
    /** The odd lanes of both sources, in turn. */
    TRN2(VectorForms.same(0x0E006800, VectorForms.SUMS)),
    /** Bytes from a place in the first source on, then of the second. */
    EXT(Forms.of(form(0x2E000000, vd(Shape.B8), vn(Shape.B8), vm(Shape.B8), Constant.unsigned(11, 3)),
        form(0x6E000000, vd(Shape.B16), vn(Shape.B16), vm(Shape.B16), Constant.unsigned(11, 4)))),
    /** Bytes of one to four registers by their numbers; 0 where there is none of a number. */
    TBL(looked(0x0E000000)),
    /** Bytes of one to four registers by their numbers; unchanged where there is none of a number. */
    TBX(looked(0x0E001000)),
    /** Reverses lanes within 64 bits. */
    REV64(VectorForms.unary(0x0E200800, VectorForms.NARROW)),
    /** Reverses lanes within 32 bits. */
    REV32(VectorForms.unary(0x2E200800, VectorForms.NARROW.subList(0, 4))),
    /** Reverses bytes within 16 bits. */
    REV16(VectorForms.unary(0x0E201800, VectorForms.BYTES));

    // unmodifiable, though not declared so to the checker
    @SuppressWarnings("ImmutableEnumChecker")
    private final Forms forms;

    ShuffleOp(Forms forms) {
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

    private static Arg from(Shape scalar) {
        return new OneLane(LaneField.FROM, scalar, false);
    }

    private static int full(Shape shape) {
        return shape.isFull() ? 1 << 30 : 0;
    }

    private static Forms moves() {
        return Forms.of(VectorForms.BYTES.stream().map(shape -> form(0x0EA01C00 | full(shape), vd(shape), vnm(shape)))
            .toList());
    }

    private static Forms constants() {
        List<Form> rows = new ArrayList<>();
        for (Shape shape : VectorForms.NARROW) {
            rows.add(form(0x0F000400 | constantMode(shape) | full(shape), vd(shape), new SplitByte()));
        }
        rows.add(form(0x6F00E400, vd(Shape.D2), new Constant(0, 0, 0, 0, 1, 0, 1)));
        return Forms.of(rows);
    }

    private static Forms complements() {
        List<Form> rows = new ArrayList<>();
        for (Shape shape : VectorForms.WORDS) {
            rows.add(form(0x2F000400 | constantMode(shape) | full(shape), vd(shape), new SplitByte()));
        }
        return Forms.of(rows);
    }

    /** The field cmode: lanes of 8, 16 or 32 bits, not shifted. */
    private static int constantMode(Shape shape) {
        return switch (shape.elementBytes()) {
            case 1 -> 0xE000;
            case 2 -> 0x8000;
            default -> 0;
        };
    }

    private static Forms repeated() {
        List<Form> rows = new ArrayList<>();
        for (Shape shape : VectorForms.SUMS) {
            rows.add(form(0x0E000400 | full(shape), vd(shape), from(shape.scalar())));
            rows.add(form(0x0E000C00 | full(shape) | 1 << shape.size() << 16, vd(shape), general(shape)));
        }
        return Forms.of(rows);
    }

    private static Forms inserted() {
        List<Form> rows = new ArrayList<>();
        for (Shape shape : List.of(Shape.B16, Shape.H8, Shape.S4, Shape.D2)) {
            Arg to = new OneLane(LaneField.TO, shape.scalar(), false);
            rows.add(form(0x6E000400, to, new OneLane(LaneField.SOURCE, shape.scalar(), false)));
            rows.add(form(0x4E001C00, to, general(shape)));
        }
        return Forms.of(rows);
    }

    private static Arg general(Shape shape) {
        return shape.elementBytes() == 8 ? Args.XN : Args.WN;
    }

    private static Forms looked(int bits) {
        List<Form> rows = new ArrayList<>();
        for (Shape shape : VectorForms.BYTES) {
            for (int count = 1; count <= 4; count++) {
                rows.add(form(bits | full(shape) | (count - 1) << 13, vd(shape), new Registers(5, count, Shape.B16),
                    vm(shape)));
            }
        }
        return Forms.of(rows);
    }
}

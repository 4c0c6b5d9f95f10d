// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

import static io.jquant.codegen.arm64.Args.vd;
import static io.jquant.codegen.arm64.Args.vm;
import static io.jquant.codegen.arm64.Args.vn;
import static io.jquant.codegen.arm64.Form.form;

import io.jquant.codegen.arm64.Arg.Constant;
import io.jquant.codegen.arm64.Arg.LaneField;
import io.jquant.codegen.arm64.Arg.OneLane;
import java.util.List;
import java.util.function.Function;

/** The families of vector instructions: forms for every shape, from the bits of the first. */
final class VectorForms {
    /** Every vector. */
    static final List<Shape> VECTORS = List.of(Shape.B8, Shape.B16, Shape.H4, Shape.H8, Shape.S2, Shape.S4, Shape.D1,
        Shape.D2);
    /** What sums, permutations and comparisons have. */
    static final List<Shape> SUMS = List.of(Shape.B8, Shape.B16, Shape.H4, Shape.H8, Shape.S2, Shape.S4, Shape.D2);
    /** Lanes of at most 32 bits. */
    static final List<Shape> NARROW = SUMS.subList(0, 6);
    /** Lanes of 16 and 32 bits. */
    static final List<Shape> WORDS = SUMS.subList(2, 6);
    /** Bytes. */
    static final List<Shape> BYTES = SUMS.subList(0, 2);
    /** Floats. */
    static final List<Shape> FLOATS = SUMS.subList(4, 7);

    private static final int FULL = 1 << 30;

    private VectorForms() {
    }

    /** The bits Q and size. */
    static int sized(Shape shape) {
        return full(shape) | shape.size() << 22;
    }

    /** The bits Q and, of doubles, sz. */
    static int floatSized(Shape shape) {
        return full(shape) | (shape.elementBytes() == 8 ? 1 << 22 : 0);
    }

    private static int full(Shape shape) {
        return shape.isFull() ? FULL : 0;
    }

    private static Forms each(List<Shape> shapes, Function<Shape, Form> row) {
        return Forms.of(list(shapes, row));
    }

    private static List<Form> list(List<Shape> shapes, Function<Shape, Form> row) {
        return shapes.stream().map(row).toList();
    }

    /** Three registers of one shape. */
    static Forms same(int bits, List<Shape> shapes) {
        return Forms.of(rows(bits, shapes));
    }

    static List<Form> rows(int bits, List<Shape> shapes) {
        return list(shapes, shape -> form(bits | sized(shape), vd(shape), vn(shape), vm(shape)));
    }

    static List<Form> floatRows(int bits) {
        return list(FLOATS, shape -> form(bits | floatSized(shape), vd(shape), vn(shape), vm(shape)));
    }

    /** The second source one lane, of 16 or 32 bits. */
    static List<Form> byLane(int bits) {
        return list(WORDS, shape -> form(bits | sized(shape), vd(shape), vn(shape), factor(shape)));
    }

    static List<Form> floatByLane(int bits) {
        return list(FLOATS, shape -> form(bits | floatSized(shape), vd(shape), vn(shape), factor(shape)));
    }

    private static Arg factor(Shape shape) {
        return new OneLane(LaneField.FACTOR, shape.scalar(), false);
    }

    /** Three registers of bytes, of which bits are combined. */
    static Forms bitwise(int bits) {
        return each(BYTES, shape -> form(bits | full(shape), vd(shape), vn(shape), vm(shape)));
    }

    static Forms unary(int bits, List<Shape> shapes) {
        return each(shapes, shape -> form(bits | sized(shape), vd(shape), vn(shape)));
    }

    static Forms floatUnary(int bits) {
        return each(FLOATS, shape -> form(bits | floatSized(shape), vd(shape), vn(shape)));
    }

    /** A shift by a constant, to the left or to the right. */
    static Forms shifts(int bits, boolean isLeft) {
        return each(SUMS, shape -> {
            int width = 8 * shape.elementBytes();
            Arg amount = isLeft ? new Constant(16, 7, 0, width - 1, 1, width, 1)
                : new Constant(16, 7, 1, width, 1, 2 * width, -1);
            return form(bits | full(shape), vd(shape), vn(shape), amount);
        });
    }

    private static List<Shape> halves(boolean isUpper) {
        return isUpper ? List.of(Shape.B16, Shape.H8, Shape.S4) : List.of(Shape.B8, Shape.H4, Shape.S2);
    }

    /** From half a register to a full one, shifted. */
    static Forms widening(int bits, boolean isUpper) {
        return each(halves(isUpper), shape -> {
            int width = 8 * shape.elementBytes();
            return form(bits | full(shape), vd(shape.wide(true)), vn(shape),
                new Constant(16, 7, 0, width - 1, 1, width, 1));
        });
    }

    /** The same, shifted by nothing. */
    static Forms extended(int bits, boolean isUpper) {
        return each(halves(isUpper), shape -> form(bits | full(shape) | (8 * shape.elementBytes()) << 16,
            vd(shape.wide(true)), vn(shape)));
    }

    /** From a full register to half of one. */
    static Forms narrowing(int bits, boolean isUpper) {
        return each(halves(isUpper), shape -> form(bits | sized(shape), vd(shape), vn(shape.wide(true))));
    }

    /** From halves of two registers to a full one. */
    static Forms longer(int bits, boolean isUpper) {
        return Forms.of(longerRows(bits, isUpper));
    }

    private static List<Form> longerRows(int bits, boolean isUpper) {
        return list(halves(isUpper), shape -> form(bits | sized(shape), vd(shape.wide(true)), vn(shape), vm(shape)));
    }

    /** From a full register and half of one to a full one. */
    static Forms wider(int bits, boolean isUpper) {
        return each(halves(isUpper), shape -> form(bits | sized(shape), vd(shape.wide(true)), vn(shape.wide(true)),
            vm(shape)));
    }

    /** Products of twice the width, of vectors and by one lane. */
    static Forms product(int bits, int byLane, boolean isUpper) {
        return Forms.of(longerRows(bits, isUpper), list(halves(isUpper).subList(1, 3),
            shape -> form(byLane | sized(shape), vd(shape.wide(true)), vn(shape), factor(shape))));
    }

    /** Neighbours to one lane of twice the width. */
    static Forms pairwise(int bits) {
        return each(NARROW, shape -> form(bits | sized(shape), vd(shape.wide(shape.isFull())), vn(shape)));
    }

    /** All lanes to a scalar. */
    static Forms across(int bits) {
        return each(List.of(Shape.B8, Shape.B16, Shape.H4, Shape.H8, Shape.S4),
            shape -> form(bits | sized(shape), vd(shape.scalar()), vn(shape)));
    }

    /** Dot products of four bytes, of vectors and by four bytes of one. */
    static Forms dot(int bits, int byLane) {
        Arg four = new OneLane(LaneField.FACTOR, Shape.S, true);
        return Forms.of(list(BYTES, shape -> form(bits | full(shape), vd(sums(shape)), vn(shape), vm(shape))),
            list(BYTES, shape -> form(byLane | full(shape), vd(sums(shape)), vn(shape), four)));
    }

    private static Shape sums(Shape bytes) {
        return Shape.of(4, bytes.isFull());
    }

    /** Products of matrices of bytes. */
    static Forms matrix(int bits) {
        return Forms.of(form(bits, vd(Shape.S4), vn(Shape.B16), vm(Shape.B16)));
    }
}

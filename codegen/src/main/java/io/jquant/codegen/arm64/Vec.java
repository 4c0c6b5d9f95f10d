// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

/**
 * A vector register, divided in some way. Those of the same number are the same register.
 *
 * @param number 0 to 31
 * @param shape how it is divided
 */
public record Vec(int number, Shape shape) implements Operand {
    /** Checks the number. */
    public Vec {
        if (number < 0 || number > 31) {
            throw new IllegalArgumentException("number = " + number + ": a vector register is 0 to 31");
        }
    }

    /**
     * Sixteen bytes.
     *
     * @param number 0 to 31
     * @return the register
     */
    public static Vec b16(int number) {
        return new Vec(number, Shape.B16);
    }

    /**
     * Eight bytes.
     *
     * @param number 0 to 31
     * @return the register
     */
    public static Vec b8(int number) {
        return new Vec(number, Shape.B8);
    }

    /**
     * Eight lanes of 16 bits.
     *
     * @param number 0 to 31
     * @return the register
     */
    public static Vec h8(int number) {
        return new Vec(number, Shape.H8);
    }

    /**
     * Four lanes of 16 bits.
     *
     * @param number 0 to 31
     * @return the register
     */
    public static Vec h4(int number) {
        return new Vec(number, Shape.H4);
    }

    /**
     * Four lanes of 32 bits.
     *
     * @param number 0 to 31
     * @return the register
     */
    public static Vec s4(int number) {
        return new Vec(number, Shape.S4);
    }

    /**
     * Two lanes of 64 bits.
     *
     * @param number 0 to 31
     * @return the register
     */
    public static Vec d2(int number) {
        return new Vec(number, Shape.D2);
    }

    /**
     * The whole register as one number.
     *
     * @param number 0 to 31
     * @return the register
     */
    public static Vec q(int number) {
        return new Vec(number, Shape.Q);
    }

    /**
     * The low 64 bits as one number.
     *
     * @param number 0 to 31
     * @return the register
     */
    public static Vec d(int number) {
        return new Vec(number, Shape.D);
    }

    /**
     * The low 32 bits as one number.
     *
     * @param number 0 to 31
     * @return the register
     */
    public static Vec s(int number) {
        return new Vec(number, Shape.S);
    }

    /**
     * The same register, divided in another way.
     *
     * @param other the way
     * @return the register
     */
    public Vec as(Shape other) {
        return new Vec(number, other);
    }

    /**
     * One of its lanes.
     *
     * @param index which
     * @return the lane
     */
    public Lane lane(int index) {
        return new Lane(number, shape.scalar(), index, false);
    }

    /**
     * Four of its bytes, for dot products.
     *
     * @param index which four
     * @return the lane
     */
    public Lane fourBytes(int index) {
        return new Lane(number, Shape.S, index, true);
    }

    @Override
    public String toString() {
        return shape.isScalar() ? shape + "" + number : "v" + number + "." + shape;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/**
 * A size, step or offset in up to three spatial dimensions. One- and two-dimensional operators are three-dimensional
 * ones whose leading dimensions are neutral, so that nothing below has to know of ranks.
 *
 * @param depth along the first spatial axis of three
 * @param height along the second
 * @param width along the last, along which neighbours are next to each other in memory
 */
public record Extent(int depth, int height, int width) {
    /** One in every dimension: the size of a point, the stride and dilation of a plain window. */
    public static final Extent ONE = new Extent(1, 1, 1);
    /** Zero in every dimension: no padding. */
    public static final Extent ZERO = new Extent(0, 0, 0);

    /**
     * A size of one dimension.
     *
     * @param width along the only axis
     * @return the size, 1 along the other axes
     */
    public static Extent of(int width) {
        return new Extent(1, 1, width);
    }

    /**
     * A size of two dimensions.
     *
     * @param height along the first axis
     * @param width along the last
     * @return the size, 1 along the depth
     */
    public static Extent of(int height, int width) {
        return new Extent(1, height, width);
    }

    /**
     * A padding of two dimensions.
     *
     * @param height along the first axis
     * @param width along the last
     * @return the padding, 0 along the depth
     */
    public static Extent padding(int height, int width) {
        return new Extent(0, height, width);
    }

    /**
     * The value along an axis.
     *
     * @param axis 0 depth, 1 height, 2 width
     * @return the value
     * @throws IllegalArgumentException for another axis
     */
    public int get(int axis) {
        return switch (axis) {
            case 0 -> depth;
            case 1 -> height;
            case 2 -> width;
            default -> throw new IllegalArgumentException("axis = " + axis + ": must be 0, 1 or 2");
        };
    }

    /**
     * The number of points: the product of the three.
     *
     * @return the number of points
     * @throws IllegalArgumentException if one is negative or the product does not fit a long
     */
    public long volume() {
        return Require.product("extent", depth, height, width);
    }

    Extent requireAtLeast(String name, int least) {
        if (depth < least || height < least || width < least) {
            throw Require.failure(name, this, "at least " + least + " each");
        }
        return this;
    }

    @Override
    public String toString() {
        return depth + "x" + height + "x" + width;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/**
 * The window that a convolution or a pooling moves over its input.
 *
 * @param kernel points of the window, at least 1 each
 * @param stride steps between two outputs, at least 1 each
 * @param dilation distance of two points of the window, at least 1 each
 * @param padBegin points added before the input, 0 or more each
 * @param padEnd points added after the input, 0 or more each
 */
public record Window(Extent kernel, Extent stride, Extent dilation, Extent padBegin, Extent padEnd) {
    /**
     * Checks the window.
     *
     * @throws IllegalArgumentException if a value is not as said
     */
    public Window {
        Require.notNull("kernel", kernel).requireAtLeast("kernel", 1);
        Require.notNull("stride", stride).requireAtLeast("stride", 1);
        Require.notNull("dilation", dilation).requireAtLeast("dilation", 1);
        Require.notNull("padBegin", padBegin).requireAtLeast("padBegin", 0);
        Require.notNull("padEnd", padEnd).requireAtLeast("padEnd", 0);
        kernel.volume();
    }

    /**
     * A window that moves by one point, undilated, over an unpadded input.
     *
     * @param kernel points of the window
     * @return the window
     */
    public static Window of(Extent kernel) {
        return new Window(kernel, Extent.ONE, Extent.ONE, Extent.ZERO, Extent.ZERO);
    }

    /**
     * This window with other steps.
     *
     * @param newStride steps between two outputs
     * @return the window
     */
    public Window withStride(Extent newStride) {
        return new Window(kernel, newStride, dilation, padBegin, padEnd);
    }

    /**
     * This window with its points at other distances.
     *
     * @param newDilation distance of two points of the window
     * @return the window
     */
    public Window withDilation(Extent newDilation) {
        return new Window(kernel, stride, newDilation, padBegin, padEnd);
    }

    /**
     * This window over an input padded alike on both sides.
     *
     * @param padding points added before and after the input
     * @return the window
     */
    public Window withPadding(Extent padding) {
        return withPadding(padding, padding);
    }

    /**
     * This window over an input padded otherwise.
     *
     * @param begin points added before the input
     * @param end points added after the input
     * @return the window
     */
    public Window withPadding(Extent begin, Extent end) {
        return new Window(kernel, stride, dilation, begin, end);
    }

    /**
     * The output's size: {@code floor((input + padBegin + padEnd - dilation * (kernel - 1) - 1) / stride) + 1}.
     *
     * @param input the input's size, at least 1 each
     * @return the output's size
     * @throws IllegalArgumentException if the window is larger than the padded input, or the output too large
     */
    public Extent outputExtent(Extent input) {
        return outputExtent(input, false);
    }

    /**
     * The output's size as poolings may round it.
     *
     * @param input the input's size, at least 1 each
     * @param ceiling whether to round up, so that a last window may hang over the end; never one that starts there
     * @return the output's size
     * @throws IllegalArgumentException if the window is larger than the padded input, or the output too large
     */
    public Extent outputExtent(Extent input, boolean ceiling) {
        Require.notNull("input", input).requireAtLeast("input extent", 1);
        return new Extent(along(input, 0, ceiling), along(input, 1, ceiling), along(input, 2, ceiling));
    }

    private int along(Extent input, int axis, boolean ceiling) {
        long padded = (long) input.get(axis) + padBegin.get(axis) + padEnd.get(axis);
        long reach = reach(axis);
        long step = stride.get(axis);
        if (reach > padded) {
            throw Require.failure("input extent", input, "at least the window's reach, " + reach + " on axis " + axis
                    + " with its padding");
        }
        long size = (ceiling ? Math.ceilDiv(padded - reach, step) : (padded - reach) / step) + 1;
        if (ceiling && (size - 1) * step >= (long) input.get(axis) + padBegin.get(axis)) {
            size--;
        }
        return requireSize(size, axis);
    }

    /** Points from the first to the last of the window. */
    long reach(int axis) {
        return (long) dilation.get(axis) * (kernel.get(axis) - 1) + 1;
    }

    private static int requireSize(long size, int axis) {
        if (size < 1 || size > Integer.MAX_VALUE) {
            throw Require.failure("output extent on axis " + axis, size, "at least 1 and below 2^31");
        }
        return (int) size;
    }

    /**
     * The output's size of the transposed convolution:
     * {@code (input - 1) * stride - padBegin - padEnd + dilation * (kernel - 1) + 1 + outputPadding}.
     *
     * @param input the input's size, at least 1 each
     * @param outputPadding points added at the output's end, 0 or more each
     * @return the output's size
     * @throws IllegalArgumentException if nothing is left of it, or it is too large
     */
    public Extent transposedOutputExtent(Extent input, Extent outputPadding) {
        Require.notNull("input", input).requireAtLeast("input extent", 1);
        Require.notNull("outputPadding", outputPadding).requireAtLeast("outputPadding", 0);
        return new Extent(transposedAlong(input, 0, outputPadding), transposedAlong(input, 1, outputPadding),
                transposedAlong(input, 2, outputPadding));
    }

    private int transposedAlong(Extent input, int axis, Extent outputPadding) {
        long size = (input.get(axis) - 1L) * stride.get(axis) - padBegin.get(axis) - padEnd.get(axis) + reach(axis)
                + outputPadding.get(axis);
        return requireSize(size, axis);
    }
}

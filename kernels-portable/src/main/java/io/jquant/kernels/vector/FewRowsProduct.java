// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.jquant.kernels.common.GemmBlock;
import io.jquant.kernels.common.PackedMatrix;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Products of a few rows with weights that do not change: {@code a w} is {@code 128 w - (128 - a) w}. */
final class FewRowsProduct {
    /** What elements of rows are taken off. */
    private static final int ORIGIN = 128;
    private static final int EVEN_BYTES = 0x00FF_00FF;
    private static final int SIGNS = 0x8000_8000;
    private static final int ONES = 0x0001_0001;

    private final FewRows loops;
    private final PackedMatrix weights;
    private final int steps;
    /** {@link #ORIGIN} times the sum of every column, worked out when first wanted. */
    private volatile int[] origins;

    FewRowsProduct(FewRows loops, PackedMatrix weights) {
        this.loops = loops;
        this.weights = weights;
        this.steps = weights.paddedDepth() / FewRows.FOUR;
    }

    /** {@return whether it takes this block} */
    boolean takes(GemmBlock block) {
        return block.rows <= FewRows.MOST && block.image == null && block.b.isAt(weights)
                && weights.segment().isNative();
    }

    /** Adds the block's products to what its columns begin with, panel after panel: weights are read in one go. */
    void sum(GemmBlock block, Workspace space) {
        int[] origin = origins(space);
        int columns = block.paddedColumns();
        int[] terms = block.scratch.ints(2 * block.rows * steps);
        for (int row = 0; row < block.rows; row++) {
            load(block.a, block.aOffset + row * block.aStride, steps, terms, 2 * row * steps);
            add(space.initial, origin, block.firstColumn(), space.sums, row * columns, columns);
        }
        subtract(block.rows, terms, block.firstPanel, block.panels, space.parts, space.sums);
    }

    private static void add(int[] initial, int[] origin, int originAt, int[] sums, int sumsAt, int count) {
        for (int i = 0; i < count; i++) {
            sums[sumsAt + i] = initial[i] + origin[originAt + i];
        }
    }

    private void subtract(int rows, int[] terms, int firstPanel, int panels, short[] parts, int[] sums) {
        int width = weights.tile().columns();
        for (int panel = 0; panel < panels; panel++) {
            long at = weights.panelOffset(firstPanel + panel);
            for (int from = 0; from < steps; from += FewRows.STEPS) {
                loops.multiply(rows, terms, 2 * from, 2 * steps, weights.segment(),
                        at + (long) from * FewRows.FOUR * width, Math.min(FewRows.STEPS, steps - from), parts, sums,
                        panel * width, panels * width);
            }
        }
    }

    /** Distances of a row's elements from {@link #ORIGIN}, in pairs. */
    private static void load(MemorySegment row, long at, int steps, int[] terms, int termsAt) {
        for (int i = 0; i < steps; i++) {
            int four = row.get(JAVA_INT_UNALIGNED, at + (long) i * FewRows.FOUR);
            terms[termsAt + 2 * i] = distances(four & EVEN_BYTES);
            terms[termsAt + 2 * i + 1] = distances(four >>> Byte.SIZE & EVEN_BYTES);
        }
    }

    /** Of two bytes in shorts: 255 less each, less 127; the signs' bits keep one from borrowing of the other. */
    private static int distances(int bytes) {
        return (((bytes ^ EVEN_BYTES) | SIGNS) - (ORIGIN - 1) * ONES) ^ SIGNS;
    }

    private int[] origins(Workspace space) {
        int[] known = origins;
        if (known == null) {
            known = new int[weights.paddedColumns()];
            int[] ones = new int[2 * steps];
            Arrays.fill(ones, ONES);
            subtract(1, ones, 0, weights.panels(), space.parts, known);
            for (int i = 0; i < known.length; i++) {
                known[i] *= -ORIGIN;
            }
            origins = known;
        }
        return known;
    }
}

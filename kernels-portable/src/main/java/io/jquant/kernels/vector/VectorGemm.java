// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.jquant.kernels.common.GemmBlock;
import io.jquant.kernels.common.GemmKernel;
import io.jquant.kernels.common.PackedMatrix;
import io.jquant.kernels.common.Tile;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Products of bytes as products of floats. Neither a dot product nor a widening product of bytes can be written in the
 * Vector API; a fused multiply-add of floats can, and is exact as long as sums stay below 2^24. So the depth is cut
 * into blocks, whose sums are added as integers.
 */
final class VectorGemm implements GemmKernel {
    /** Rows are converted in whole vectors, and so may be read beyond the depth. */
    private static final int DEPTH_MULTIPLE = 16;

    /** Terms whose sums are below 2^22: 128 * 255 * 128. */
    private static final int SHALLOW = 128;

    /** Sums that stay in the second-level cache while the depth is passed block by block. */
    private static final int SUMS = 1 << 19;

    private final FloatTile floatTile;
    /** For a few rows; null where weights change or there are no such loops. */
    private final FewRowsProduct fewRows;
    private final boolean finishes;
    private final Tile tile;

    VectorGemm(FloatTile floatTile, boolean finishes) {
        this(floatTile, finishes, null);
    }

    private VectorGemm(FloatTile floatTile, boolean finishes, FewRowsProduct fewRows) {
        this.floatTile = floatTile;
        this.fewRows = fewRows;
        this.finishes = finishes;
        this.tile = new Tile(floatTile.rows(), floatTile.columns(), VectorRows.FOUR, DEPTH_MULTIPLE);
    }

    @Override
    public Tile tile() {
        return tile;
    }

    @Override
    public boolean finishes() {
        return finishes;
    }

    @Override
    public long mostProducts() {
        return Long.MAX_VALUE;
    }

    @Override
    public int imageUnit(int bytes, int planes) {
        return 1;
    }

    @Override
    public GemmKernel specialize(PackedMatrix weights) {
        FewRows loops = floatTile.fewRows();
        return loops == null ? this : new VectorGemm(floatTile, finishes, new FewRowsProduct(loops, weights));
    }

    @Override
    public void run(GemmBlock block) {
        Workspace space = (Workspace) block.scratch.workspace();
        int columns = block.panels * tile.columns();
        int step = rowsAtOnce(block.rows, columns);
        space.reserve(step, columns, tile.columns());
        if (finishes) {
            VectorFinisher.load(block, space, columns);
        } else {
            Arrays.fill(space.initial, 0, columns, 0);
        }
        for (int row = 0; row < block.rows; row += step) {
            int rows = Math.min(step, block.rows - row);
            if (fewRows != null && fewRows.takes(block)) {
                fewRows.sum(block, space);
            } else {
                sum(block, row, rows, space);
            }
            if (finishes) {
                VectorFinisher.store(block, row, rows, space, columns);
            } else {
                MemorySegment.copy(space.sums, 0, block.sums, JAVA_INT,
                        block.sumsOffset + (long) row * columns * Integer.BYTES, rows * columns);
            }
        }
    }

    /** As many rows as the caches hold, in pieces of about the same size. */
    private int rowsAtOnce(int rows, int columns) {
        int most = Math.clamp((long) SUMS / columns / tile.rows() * tile.rows(), tile.rows(), Workspace.ROWS);
        return Math.ceilDiv(Math.ceilDiv(rows, Math.ceilDiv(rows, most)), tile.rows()) * tile.rows();
    }

    /** Rows of the tile become integers, added to what their columns begin with or to what was there. */
    private void store(int rows, boolean first, int depth, int column, int columns, int row, Workspace space) {
        int width = tile.columns();
        int to = row * columns + column;
        if (!first) {
            VectorRows.add(space.tile, rows, width, space.sums, to, columns);
        } else if (depth <= SHALLOW) {
            VectorRows.storeSmall(space.tile, rows, width, space.initial, column, space.sums, to, columns);
        } else {
            VectorRows.store(space.tile, rows, width, space.initial, column, space.sums, to, columns);
        }
    }

    private void sum(GemmBlock block, int firstRow, int rows, Workspace space) {
        PackedMatrix weights = block.b;
        int width = tile.columns();
        for (int from = 0; from < weights.depth(); from += Workspace.DEPTH) {
            int depth = Math.min(Workspace.DEPTH, weights.depth() - from);
            LeftRows.load(block, firstRow, rows, from, depth, space.left);
            for (int panel = 0; panel < block.panels; panel++) {
                long at = weights.panelOffset(block.firstPanel + panel) + (long) from * width;
                VectorRows.signedToFloats(weights.segment(), at, depth, width, space.right);
                multiply(rows, depth, from == 0, panel * width, block.panels * width, space);
            }
        }
    }

    private void multiply(int rows, int depth, boolean first, int column, int columns, Workspace space) {
        int row = 0;
        while (row < rows) {
            int done = floatTile.multiply(rows - row, space.left, row * Workspace.STRIDE, space.right, depth,
                    space.tile);
            store(done, first, depth, column, columns, row, space);
            row += done;
        }
    }
}

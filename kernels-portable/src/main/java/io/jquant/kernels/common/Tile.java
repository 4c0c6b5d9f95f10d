// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

/**
 * The tile that a kernel computes at a time, and so the layout of the weights that it reads: panels of
 * {@code columns} columns, {@code [panel][depth / depthUnit][columns][depthUnit]} bytes.
 *
 * @param rows rows of a tile: blocks of rows are multiples of it, but for the last
 * @param columns columns of a tile and of a panel
 * @param depthUnit bytes along the depth that lie next to each other for every column: 4 for dot products of bytes
 * @param depthMultiple what the depth is padded to a multiple of, with zeros in the weights; a multiple of depthUnit
 */
public record Tile(int rows, int columns, int depthUnit, int depthMultiple) {
    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is not as said
     */
    public Tile {
        if (rows < 1 || columns < 1 || depthUnit < 1 || depthMultiple < 1 || depthMultiple % depthUnit != 0) {
            throw new IllegalArgumentException("tile = " + rows + "x" + columns + ", depth " + depthUnit + " of "
                    + depthMultiple + ": must be 1 or more each, depthMultiple a multiple of depthUnit");
        }
    }

    /**
     * The depth with its padding.
     *
     * @param depth the depth
     * @return the next multiple of {@link #depthMultiple}
     */
    public int paddedDepth(int depth) {
        return Math.ceilDiv(depth, depthMultiple) * depthMultiple;
    }

    /**
     * The number of panels.
     *
     * @param matrixColumns columns of the matrix
     * @return panels that hold them
     */
    public int panels(int matrixColumns) {
        return Math.ceilDiv(matrixColumns, columns);
    }
}

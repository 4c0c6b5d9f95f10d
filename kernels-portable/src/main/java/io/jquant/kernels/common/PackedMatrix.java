// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/**
 * s8 weights as kernels read them: {@code [panel][depth / unit][tile columns][unit]}, padded with zeros to whole panels
 * and to the tile's multiple of the depth, off-heap and 64-byte aligned. See {@link Tile}, {@link Packing}.
 */
public final class PackedMatrix {
    private Tile tile;
    private int depth;
    private int columns;
    private int paddedDepth;
    private int panels;
    private MemorySegment segment;
    private long offset;

    /** A matrix that has no place yet. */
    public PackedMatrix() {
    }

    /**
     * The memory that a packed matrix takes.
     *
     * @param tile the kernel's tile
     * @param depth terms of a sum
     * @param columns columns
     * @return the size in bytes
     */
    public static long bytes(Tile tile, int depth, int columns) {
        return (long) tile.panels(columns) * tile.columns() * tile.paddedDepth(depth);
    }

    /**
     * Places a matrix in memory.
     *
     * @param kernelTile the kernel's tile
     * @param matrixDepth terms of a sum
     * @param matrixColumns columns
     * @param where the memory
     * @param begin where the matrix begins in it, a multiple of 64
     * @return this
     */
    public PackedMatrix place(Tile kernelTile, int matrixDepth, int matrixColumns, MemorySegment where, long begin) {
        tile = kernelTile;
        depth = matrixDepth;
        columns = matrixColumns;
        paddedDepth = kernelTile.paddedDepth(matrixDepth);
        panels = kernelTile.panels(matrixColumns);
        segment = where;
        offset = begin;
        return this;
    }

    /** {@return the tile that the weights are packed for} */
    public Tile tile() {
        return tile;
    }

    /** {@return terms of a sum} */
    public int depth() {
        return depth;
    }

    /** {@return terms of a sum with their padding: bytes of a panel's column} */
    public int paddedDepth() {
        return paddedDepth;
    }

    /** {@return columns without their padding} */
    public int columns() {
        return columns;
    }

    /** {@return panels} */
    public int panels() {
        return panels;
    }

    /** {@return columns with their padding to whole panels} */
    public int paddedColumns() {
        return panels * tile.columns();
    }

    /** {@return the memory in which the matrix lies} */
    public MemorySegment segment() {
        return segment;
    }

    /**
     * Whether another matrix lies where this one does.
     *
     * @param other the other
     * @return whether it begins at the same place of the same memory
     */
    public boolean isAt(PackedMatrix other) {
        return offset == other.offset && segment.equals(other.segment);
    }

    /** {@return bytes from one panel to the next} */
    public long panelBytes() {
        return (long) paddedDepth * tile.columns();
    }

    /**
     * Where a panel begins.
     *
     * @param panel the panel
     * @return bytes from the beginning of the segment
     */
    public long panelOffset(int panel) {
        return offset + panel * panelBytes();
    }
}

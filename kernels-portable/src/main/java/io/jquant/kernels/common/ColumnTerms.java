// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/**
 * The numbers of {@link OutputStage} that every column has of its own: arrays one after another in off-heap memory,
 * each 64-byte aligned and padded with zeros to whole panels. Those that the stage does not need are left out.
 */
public final class ColumnTerms {
    private static final int ALIGNED = 64 / Integer.BYTES;

    private MemorySegment segment;
    private long initial;
    private long multiplier;
    private long bias;
    private long weightZeroPoint;

    /** Terms that have no place yet. */
    public ColumnTerms() {
    }

    /**
     * The memory that terms take.
     *
     * @param stage what becomes of the sums
     * @param paddedColumns columns with their padding to whole panels
     * @return the size in bytes, a multiple of 64
     */
    public static long bytes(OutputStage stage, int paddedColumns) {
        int arrays = 2 + (stage.realBias() ? 1 : 0) + (stage.weightZeroPoints() ? 1 : 0);
        return arrays * arrayBytes(paddedColumns);
    }

    private static long arrayBytes(int paddedColumns) {
        return (long) Math.ceilDiv(paddedColumns, ALIGNED) * ALIGNED * Integer.BYTES;
    }

    /**
     * Places the terms in memory and sets all to 0.
     *
     * @param where the memory
     * @param offset where they begin in it, a multiple of 64
     * @param stage what becomes of the sums
     * @param paddedColumns columns with their padding to whole panels
     * @return this
     */
    public ColumnTerms place(MemorySegment where, long offset, OutputStage stage, int paddedColumns) {
        adopt(where, offset, stage, paddedColumns);
        for (long at = 0; at < bytes(stage, paddedColumns); at += Integer.BYTES) {
            where.set(JAVA_INT, offset + at, 0);
        }
        return this;
    }

    /** Takes terms that lie in memory already, or will, those of the padding too; otherwise as {@link #place}. */
    void adopt(MemorySegment where, long offset, OutputStage stage, int paddedColumns) {
        long array = arrayBytes(paddedColumns);
        segment = where;
        initial = offset;
        multiplier = offset + array;
        bias = stage.realBias() ? offset + 2 * array : -1;
        weightZeroPoint = stage.weightZeroPoints() ? offset + (stage.realBias() ? 3 : 2) * array : -1;
    }

    /**
     * Sets the terms of a column.
     *
     * @param column the column
     * @param initialValue what its sums begin with
     * @param factor what its sums are multiplied by
     * @param realBias its bias in floats; passed over where the stage has none
     * @param zeroPoint its weights' zero point, of weights as s8; passed over where the stage has none
     */
    public void set(int column, int initialValue, float factor, float realBias, int zeroPoint) {
        long at = (long) column * Integer.BYTES;
        segment.set(JAVA_INT, initial + at, initialValue);
        // the first access of every type costs a start some milliseconds: so there is one less
        segment.set(JAVA_INT, multiplier + at, Float.floatToRawIntBits(factor));
        if (bias >= 0) {
            segment.set(JAVA_INT, bias + at, Float.floatToRawIntBits(realBias));
        }
        if (weightZeroPoint >= 0) {
            segment.set(JAVA_INT, weightZeroPoint + at, zeroPoint);
        }
    }

    /** {@return the memory in which the arrays lie} */
    public MemorySegment segment() {
        return segment;
    }

    /** {@return where the s32 array of what sums begin with is, in bytes} */
    public long initialOffset() {
        return initial;
    }

    /** {@return where the f32 array of multipliers is, in bytes} */
    public long multiplierOffset() {
        return multiplier;
    }

    /** {@return where the f32 array of biases is, in bytes; -1 for none} */
    public long biasOffset() {
        return bias;
    }

    /** {@return where the s32 array of the weights' zero points is, in bytes; -1 for none} */
    public long weightZeroPointOffset() {
        return weightZeroPoint;
    }
}

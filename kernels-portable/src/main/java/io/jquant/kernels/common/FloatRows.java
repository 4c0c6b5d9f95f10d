// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.jquant.kernels.portable.Rounding;
import java.lang.foreign.MemorySegment;

/** Rows of floats, quantized to u8 as they are loaded. */
final class FloatRows implements RowSource {
    private MemorySegment input;
    private long stride;
    private int depth;
    private MemorySegment scales;
    private int scaleStep;
    private RowQuantizer quantizer;

    /**
     * @param from the memory
     * @param rowStride elements from one row to the next
     * @param rowDepth elements of a row
     * @param rowScales scale (f32) and zero point (s32) of every row, or of all
     * @param perRow whether of every row
     * @param rowQuantizer the kernel that quantizes; null for none
     */
    void set(MemorySegment from, long rowStride, int rowDepth, MemorySegment rowScales, boolean perRow,
            RowQuantizer rowQuantizer) {
        quantizer = rowQuantizer;
        input = from;
        stride = rowStride;
        depth = rowDepth;
        scales = rowScales;
        scaleStep = perRow ? 2 * Integer.BYTES : 0;
    }

    @Override
    public void load(int group, long firstRow, GemmBlock block, int paddedDepth) {
        MemorySegment rows = block.scratch.rows().atLeast((long) block.rows * paddedDepth);
        if (scaleStep == 0 && stride == depth && paddedDepth == depth && quantizer != null) {
            quantizer.run(input, firstRow * stride * Float.BYTES, rows, 0, (long) block.rows * depth,
                    1.0f / scales.get(JAVA_FLOAT_UNALIGNED, 0), scales.get(JAVA_INT, Integer.BYTES), block.scratch);
        } else {
            loadRows(firstRow, block, rows, paddedDepth);
        }
        block.rowSums = scales;
        block.rowSumsOffset = firstRow * scaleStep;
        block.a = rows;
        block.aOffset = 0;
        block.aStride = paddedDepth;
    }

    private void loadRows(long firstRow, GemmBlock block, MemorySegment rows, int paddedDepth) {
        for (int row = 0; row < block.rows; row++) {
            long scale = (firstRow + row) * scaleStep;
            float reciprocal = 1.0f / scales.get(JAVA_FLOAT_UNALIGNED, scale);
            int zeroPoint = scales.get(JAVA_INT, scale + Integer.BYTES);
            long from = (firstRow + row) * stride * Float.BYTES;
            long to = (long) row * paddedDepth;
            if (quantizer == null) {
                quantize(from, rows, to, reciprocal, zeroPoint);
            } else {
                quantizer.run(input, from, rows, to, depth, reciprocal, zeroPoint, block.scratch);
            }
        }
    }

    private void quantize(long from, MemorySegment rows, long to, float reciprocal, int zeroPoint) {
        for (int i = 0; i < depth; i++) {
            float value = input.get(JAVA_FLOAT_UNALIGNED, from + (long) i * Float.BYTES);
            rows.set(JAVA_BYTE, to + i, (byte) Rounding.toInteger(value * reciprocal, zeroPoint, 0, 255));
        }
    }

    @Override
    public boolean isShareable() {
        return Workers.isShareable(input);
    }

    @Override
    public void clear() {
        input = null;
    }
}

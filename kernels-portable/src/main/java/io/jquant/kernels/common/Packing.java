// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Brings weights into the order of {@link PackedMatrix} and back. */
public final class Packing {
    private Packing() {
    }

    /**
     * Packs weights.
     *
     * @param from the weights
     * @param order where they lie there
     * @param flip what every byte is combined with by exclusive or: -128 turns u8 into s8, 0 leaves s8 as it is
     * @param to the matrix, its place set
     * @param columnSums gets the sum of every column, of weights as s8
     */
    public static void pack(MemorySegment from, WeightOrder order, byte flip, PackedMatrix to, int[] columnSums) {
        int width = to.tile().columns();
        // by way of arrays: until it is compiled, Java reads and writes them much faster than segments
        byte[] panel = new byte[Math.toIntExact(to.panelBytes())];
        byte[] run = new byte[Math.min(order.inner(), to.depth())];
        for (int number = 0; number < to.panels(); number++) {
            Arrays.fill(panel, (byte) 0);
            int first = number * width;
            for (int column = first; column < Math.min(first + width, to.columns()); column++) {
                columnSums[column] = 0;
                for (int row = 0; row < to.depth(); row += run.length) {
                    int count = Math.min(run.length, to.depth() - row);
                    read(from, order.index(row, column), order.innerStride(), run, count);
                    columnSums[column] += packRun(run, count, flip, to.tile(), panel, column - first, row);
                }
            }
            MemorySegment.copy(MemorySegment.ofArray(panel), 0, to.segment(), to.panelOffset(number), panel.length);
        }
    }

    private static void read(MemorySegment from, long at, long stride, byte[] run, int count) {
        if (stride == 1) {
            MemorySegment.copy(from, at, MemorySegment.ofArray(run), 0, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            run[i] = from.get(JAVA_BYTE, at + i * stride);
        }
    }

    private static int packRun(byte[] run, int count, byte flip, Tile tile, byte[] panel, int column, int firstRow) {
        int unit = tile.depthUnit();
        int skip = (tile.columns() - 1) * unit;
        int lane = firstRow % unit;
        int at = column * unit + firstRow / unit * tile.columns() * unit + lane;
        int sum = 0;
        for (int i = 0; i < count; i++) {
            byte weight = (byte) (run[i] ^ flip);
            panel[at] = weight;
            sum += weight;
            at++;
            if (++lane == unit) {
                lane = 0;
                at += skip;
            }
        }
        return sum;
    }

    /**
     * Packs a matrix whose rows are contiguous, row after row: the quick way for one that is packed at run time.
     *
     * @param from the matrix
     * @param offset where it begins
     * @param stride from one row to the next
     * @param flip what every byte is combined with by exclusive or: -128 turns u8 into s8, 0 leaves s8 as it is
     * @param to the packed matrix, its place set
     * @param columnSums gets the sum of every column, of weights as s8
     */
    static void packRows(MemorySegment from, long offset, long stride, byte flip, PackedMatrix to, int[] columnSums) {
        ByteRows.fill(to.segment(), to.panelOffset(0), to.panels() * to.panelBytes(), (byte) 0);
        Arrays.fill(columnSums, 0, to.columns(), 0);
        int width = to.tile().columns();
        int unit = to.tile().depthUnit();
        for (int row = 0; row < to.depth(); row++) {
            long source = offset + row * stride;
            for (int panel = 0; panel < to.panels(); panel++) {
                long at = to.panelOffset(panel) + (long) (row / unit) * width * unit + row % unit;
                int first = panel * width;
                int count = Math.min(width, to.columns() - first);
                for (int j = 0; j < count; j++) {
                    byte weight = (byte) (from.get(JAVA_BYTE, source + first + j) ^ flip);
                    to.segment().set(JAVA_BYTE, at + (long) j * unit, weight);
                    columnSums[first + j] += weight;
                }
            }
        }
    }

    /**
     * Gives weights back as they came.
     *
     * @param from the matrix
     * @param order where the weights go
     * @param flip what {@link #pack} was given
     * @param to where they go
     */
    public static void unpack(PackedMatrix from, WeightOrder order, byte flip, MemorySegment to) {
        int unit = from.tile().depthUnit();
        long step = (long) from.tile().columns() * unit;
        for (int column = 0; column < from.columns(); column++) {
            long at = columnOffset(from, column);
            for (int row = 0; row < from.depth(); row++) {
                byte weight = from.segment().get(JAVA_BYTE, at + row / unit * step + row % unit);
                to.set(JAVA_BYTE, order.index(row, column), (byte) (weight ^ flip));
            }
        }
    }

    private static long columnOffset(PackedMatrix matrix, int column) {
        int width = matrix.tile().columns();
        return matrix.panelOffset(column / width) + (long) (column % width) * matrix.tile().depthUnit();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.ChannelPlanes.GROUP;
import static io.jquant.kernels.vector.ChannelPlanes.LANES;
import static io.jquant.kernels.vector.ChannelPlanes.PLANES;
import static io.jquant.kernels.vector.ChannelPlanes.TERMS;
import static io.jquant.kernels.vector.ChannelPlanes.WIDE_LANES;

import io.jquant.kernels.common.DepthwiseBlock;
import io.jquant.kernels.common.DepthwiseShape;
import java.util.Arrays;

/**
 * Some pixels of all rows of a block, and one group of channels: the rows of the input that an output row meets as
 * {@link ChannelPlanes}, those that rows share brought there once. Pixels that the stride parts lie apart there too, so
 * that those which a tap meets follow each other. Of one thread.
 */
final class DepthwiseTile {
    /**
     * Floats of a tile's input and sums of one row: what the first-level cache holds. Two rows at a time take half as
     * much again, and narrower tiles for them were no faster.
     */
    private static final int FLOATS = 7 << 10;
    /** Pixels of the output for which a loop is worth its start. */
    private static final int FEW = 8;

    float[] sums = new float[0];
    private float[] input = new float[0];
    private float[] more = new float[0];
    private int[] reach = new int[0];
    /** Where the pixels under the taps of a row are. */
    private int[] columns = new int[0];
    private DepthwiseShape shape;
    private int first;
    private int pixels;
    private int inputPixels;
    /** Rows of the input that an output row spans, of every plane of the image. */
    private int span;
    /** Those that are kept: two output rows' where these are summed together. */
    private int kept;
    private int phase;
    private int plane;
    private int nextRow;

    /** {@return how many pixels of the output a tile of a shape has} */
    static int width(DepthwiseShape shape, int width) {
        int rows = shape.kernel().depth() * ((shape.kernel().height() - 1) * shape.dilationHeight() + 1);
        int most = Math.max(FEW, FLOATS / GROUP / (rows * shape.strideWidth() + 1));
        int tiles = Math.ceilDiv(width, most);
        // whole vectors of pixels
        return Math.ceilDiv(Math.ceilDiv(width, tiles), PlaneFinisher.PIXELS) * PlaneFinisher.PIXELS;
    }

    /** {@return whether two output rows are summed together: see {@link ChannelPlanes#sumTwo}} */
    static boolean inPairs(DepthwiseShape shape) {
        return WIDE_LANES == 2 * LANES
                && shape.kernel().depth() == 1 && shape.kernel().height() == 3 && shape.kernel().width() == 3
                && shape.strideHeight() == shape.dilationHeight()
                && shape.strideWidth() == 1 && shape.dilationWidth() == 1;
    }

    /** Begins with some pixels. */
    void begin(DepthwiseShape newShape, int firstPixel, int count) {
        shape = newShape;
        first = firstPixel;
        pixels = count;
        inputPixels = shape.inputWidth(count);
        span = (shape.kernel().height() - 1) * shape.dilationHeight() + 1;
        kept = span + (inPairs(shape) ? shape.strideHeight() : 0);
        phase = Math.ceilDiv(inputPixels, shape.strideWidth()) * LANES;
        plane = shape.strideWidth() * phase;
        // the last vector reaches beyond the last pixel
        int floats = shape.kernel().depth() * kept * PLANES * plane + WIDE_LANES;
        if (input.length < floats) {
            input = new float[floats];
        }
        int summed = (inPairs(shape) ? 2 : 1) * rowSums();
        if (sums.length < summed) {
            sums = new float[summed];
        }
        if (more.length < sumsPlane()) {
            more = new float[sumsPlane()];
        }
        int taps = terms(shape) + shape.kernel().width();
        if (reach.length < taps) {
            reach = new int[taps];
        }
        // terms without weight are to be somewhere
        Arrays.fill(reach, 0);
        if (columns.length != shape.kernel().width()) {
            columns = new int[shape.kernel().width()];
        }
        placeColumns();
    }

    /** {@return taps, and terms without weight that make them whole loops} */
    static int terms(DepthwiseShape shape) {
        return Math.ceilDiv(shape.taps(), TERMS) * TERMS;
    }

    /** Begins with a group's first row. */
    void beginGroup() {
        nextRow = 0;
    }

    /** {@return floats from the sums of one plane to those of the next} */
    int sumsPlane() {
        return Math.ceilDiv(pixels * LANES, WIDE_LANES) * WIDE_LANES;
    }

    /** {@return floats from a row's sums to those of the next} */
    int rowSums() {
        return PLANES * sumsPlane();
    }

    /** Brings in what is new of the rows that one or two output rows meet. */
    void load(DepthwiseBlock block, int row, int rows, int group) {
        int top = row * shape.strideHeight();
        int end = top + span + (rows - 1) * shape.strideHeight();
        for (int y = Math.max(nextRow, top); y < end; y++) {
            for (int d = 0; d < shape.kernel().depth(); d++) {
                long at = block.inputOffset + d * block.planeStride + y * block.rowStride
                        + (long) first * shape.strideWidth() * block.pixelStride + group;
                loadRow(block, (int) at, slot(d, y));
            }
        }
        nextRow = end;
        place(top, rows);
    }

    private int slot(int d, int y) {
        return (d * kept + y % kept) * PLANES * plane;
    }

    private void loadRow(DepthwiseBlock block, int at, int to) {
        int stride = shape.strideWidth();
        for (int i = 0; i < Math.min(stride, inputPixels); i++) {
            ChannelPlanes.load(block.array, at + i * (int) block.pixelStride, stride * (int) block.pixelStride,
                    Math.ceilDiv(inputPixels - i, stride), input, to + i * phase, plane);
        }
    }

    /** Where the pixels under the taps are, and behind them those of a row below. */
    private void place(int top, int rows) {
        int tap = 0;
        for (int d = 0; d < shape.kernel().depth(); d++) {
            for (int h = 0; h < shape.kernel().height() + rows - 1; h++) {
                int row = slot(d, top + h * shape.dilationHeight());
                for (int column : columns) {
                    reach[tap++] = row + column;
                }
            }
        }
    }

    private void placeColumns() {
        int stride = shape.strideWidth();
        for (int w = 0; w < columns.length; w++) {
            int x = w * shape.dilationWidth();
            columns[w] = x % stride * phase + x / stride * LANES;
        }
    }

    /** Sums of the rows that were brought in, from what channels begin with. */
    void sum(int rows, float[] weights, float[] initial, float[] zeros, int group) {
        int terms = terms(shape);
        for (int i = 0; i < PLANES; i++) {
            int vector = group / LANES + i;
            int at = vector * terms * WIDE_LANES;
            int to = i * sumsPlane();
            if (rows == 2) {
                ChannelPlanes.sumTwo(input, i * plane, reach, weights, at, initial, vector * WIDE_LANES, sums, to,
                        to + rowSums(), pixels);
                continue;
            }
            ChannelPlanes.sum(input, i * plane, reach, 0, weights, at, initial, vector * WIDE_LANES, sums, to, pixels);
            for (int term = TERMS; term < terms; term += TERMS) {
                ChannelPlanes.sum(input, i * plane, reach, term, weights, at + term * WIDE_LANES, zeros, 0, more, 0,
                        pixels);
                ChannelPlanes.add(more, 0, sums, to, pixels);
            }
        }
    }
}

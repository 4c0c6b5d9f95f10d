// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.ChannelPlanes.GROUP;
import static io.jquant.kernels.vector.ChannelPlanes.LANES;
import static io.jquant.kernels.vector.ChannelPlanes.PLANES;
import static io.jquant.kernels.vector.ChannelPlanes.WIDE_LANES;
import static io.jquant.kernels.vector.PlaneFinisher.PIXELS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jquant.kernels.common.DepthwiseBlock;
import io.jquant.kernels.common.DepthwiseKernel;
import io.jquant.kernels.common.DepthwiseShape;
import java.lang.foreign.MemorySegment;

/** A depthwise convolution in floats, whose sums are exact integers below 2^24. */
public final class VectorDepthwise implements DepthwiseKernel {
    /** A byte and a weight less its zero point. */
    private static final double MOST_PRODUCT = 255 * 255;
    /** Taps whose sums stay below 2^24: 258 * 255 * 255. */
    private static final int MOST_TAPS = 258;

    private final DepthwiseShape shape;
    private final int paddedChannels;
    private final int terms;
    /** Of every vector of channels, {@code [terms][WIDE_LANES]}. */
    private final float[] weights;

    private VectorDepthwise(DepthwiseShape shape) {
        this.shape = shape;
        paddedChannels = Math.ceilDiv(shape.channels(), GROUP) * GROUP;
        terms = DepthwiseTile.terms(shape);
        weights = new float[terms * paddedChannels / LANES * WIDE_LANES];
    }

    /**
     * A kernel for a shape.
     *
     * @param shape the shape
     * @return the kernel; null where sums would not be exact
     */
    public static DepthwiseKernel of(DepthwiseShape shape) {
        return shape.taps() > MOST_TAPS ? null : new VectorDepthwise(shape);
    }

    @Override
    public int paddedChannels() {
        return paddedChannels;
    }

    @Override
    public boolean readsArrays() {
        return true;
    }

    /** Weights are an array of the kernel's own. */
    @Override
    public long weightBytes() {
        return 0;
    }

    @Override
    public void pack(short[] centered, MemorySegment to) {
        for (int i = 0; i < centered.length; i++) {
            int tap = i / shape.channels();
            int place = ChannelPlanes.place(i % shape.channels());
            int at = (place / LANES * terms + tap) * WIDE_LANES + place % LANES;
            for (int pixel = 0; pixel < WIDE_LANES; pixel += LANES) {
                weights[at + pixel] = centered[i];
            }
        }
    }

    @Override
    public boolean finishes() {
        return true;
    }

    @Override
    public long mostProducts() {
        return Long.MAX_VALUE;
    }

    @Override
    public void run(DepthwiseBlock block) {
        ChannelSpace space = block.scratch.kept(ChannelSpace.class, ChannelSpace::new);
        space.reserve(paddedChannels);
        space.load(block);
        space.loadPlanes(block, shape.taps() * MOST_PRODUCT);
        boolean bytes = block.stage.isQuantized() && block.stage.addend() == null && space.fitsPlanes();
        if (!bytes) {
            space.reserve(block.rows, paddedChannels);
        }
        int width = DepthwiseTile.width(shape, block.width);
        int most = DepthwiseTile.inPairs(shape) ? 2 : 1;
        for (int first = 0; first < block.width; first += width) {
            int pixels = Math.min(width, block.width - first);
            space.tile.begin(shape, first, pixels);
            for (int group = 0; group < paddedChannels; group += GROUP) {
                space.tile.beginGroup();
                int rows;
                for (int row = 0; row < block.height; row += rows) {
                    rows = Math.min(most, block.height - row);
                    space.tile.load(block, row, rows, group);
                    space.tile.sum(rows, weights, bytes ? space.planeInitial : space.zeros(), space.zeros(), group);
                    for (int i = 0; i < rows; i++) {
                        int pixel = (row + i) * block.width + first;
                        if (bytes) {
                            store(block, pixel, pixels, group, space, i * space.tile.rowSums());
                        } else {
                            collect(pixel, pixels, group, space, i * space.tile.rowSums());
                        }
                    }
                }
            }
        }
        if (!bytes) {
            ChannelFinisher.store(block, 0, block.rows, space);
        }
    }

    private void store(DepthwiseBlock block, int pixel, int pixels, int group, ChannelSpace space, int sumsAt) {
        long to = block.outputOffset + pixel * block.outputStride + group;
        int channels = Math.min(GROUP, shape.channels() - group);
        float[] sums = space.tile.sums;
        int plane = space.tile.sumsPlane();
        boolean direct = PIXELS == 1 || (block.outputStride == GROUP && pixels % PIXELS == 0);
        Object array = channels == GROUP ? Backing.array(block.output, to, 1) : null;
        boolean outside = channels == GROUP && block.output.isNative();
        if (direct && array != null) {
            PlaneFinisher.store(sums, sumsAt, plane, space, group, block.stage, (byte[]) array,
                    Backing.index(block.output, to, 1), PIXELS * (int) block.outputStride, pixels);
            return;
        }
        if (direct && outside) {
            PlaneFinisher.store(sums, sumsAt, plane, space, group, block.stage, block.output, to,
                    PIXELS * block.outputStride, pixels);
            return;
        }
        byte[] bytes = space.group(plane * PLANES);
        PlaneFinisher.store(sums, sumsAt, plane, space, group, block.stage, bytes, 0, PIXELS * GROUP, pixels);
        if (array != null) {
            PlaneFinisher.spread(bytes, (byte[]) array, Backing.index(block.output, to, 1), (int) block.outputStride,
                    pixels);
        } else if (outside) {
            PlaneFinisher.spread(bytes, block.output, to, block.outputStride, pixels);
        } else {
            for (int i = 0; i < pixels; i++) {
                MemorySegment.copy(bytes, i * GROUP, block.output, JAVA_BYTE, to + i * block.outputStride, channels);
            }
        }
    }

    /** Brings a group's sums to their channels, for what is stored otherwise. */
    private void collect(int pixel, int pixels, int group, ChannelSpace space, int sumsAt) {
        for (int channel = 0; channel < GROUP; channel++) {
            int place = ChannelPlanes.place(channel);
            int from = sumsAt + place / LANES * space.tile.sumsPlane() + place % LANES;
            int to = pixel * paddedChannels + group + channel;
            for (int i = 0; i < pixels; i++) {
                space.sums[to + i * paddedChannels] = space.tile.sums[from + i * LANES];
            }
        }
    }
}

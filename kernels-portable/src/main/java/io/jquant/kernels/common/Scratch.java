// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/**
 * Memory for the intermediate results of one thread in one call. Borrowed from a {@link ScratchPool}; what it holds
 * grows as wanted and is kept for the next call, so that calls allocate nothing once they have run for a while.
 */
public final class Scratch {
    private final ScratchBuffer rows = new ScratchBuffer();
    private final ScratchBuffer rowSums = new ScratchBuffer();
    private final ScratchBuffer sums = new ScratchBuffer();
    private final ScratchBuffer kernel = new ScratchBuffer();
    private final ScratchBuffer call = new ScratchBuffer();
    private final ScratchBuffer steps = new ScratchBuffer();
    private final GemmBlock block = new GemmBlock();
    private final GemmCall gemm = new GemmCall();
    private final MatrixRows matrixRows = new MatrixRows();
    private final GemmOperand[] operand = {new GemmOperand()};
    private final Object workspace;
    private final float[] ends = new float[2];
    // made when first wanted: a start loads no class that it does not use
    private DepthwiseBlock depthwiseBlock;
    private DepthwiseCall depthwise;
    private RangeCall range;
    private PairCall pair;
    private PatchRows patchRows;
    private ImageSource imageSource;
    private ImageRows imageRows;
    private FloatRows floatRows;
    private DynamicFinisher dynamicFinisher;
    private MatmulCall matmul;
    private GroupedBlock groupedBlock;
    private GroupedCall grouped;
    private Stage stage;
    private PoolBlock pool;
    private PoolCall pooling;
    private PoolSpan[] spans;
    private Object kept;
    private int[] ints = new int[0];
    private float[] floats = new float[0];
    private byte[] input = new byte[0];
    private MemorySegment inputSegment;
    private byte[] output = new byte[0];

    Scratch(Object workspace) {
        this.workspace = workspace;
        block.scratch = this;
    }

    /** {@return memory for rows copied for a kernel} */
    ScratchBuffer rows() {
        return rows;
    }

    /** {@return memory for sums of rows} */
    ScratchBuffer rowSums() {
        return rowSums;
    }

    /** {@return memory for raw sums} */
    ScratchBuffer sums() {
        return sums;
    }

    /** {@return memory for what is worked out once for all threads of a call, by the thread that calls} */
    ScratchBuffer call() {
        return call;
    }

    /** {@return the block that this thread hands to kernels} */
    GemmBlock block() {
        return block;
    }

    /** {@return the product that this thread runs} */
    GemmCall gemm() {
        return gemm;
    }

    /** {@return the block of a depthwise convolution that this thread hands to kernels} */
    DepthwiseBlock depthwiseBlock() {
        if (depthwiseBlock == null) {
            depthwiseBlock = new DepthwiseBlock();
            depthwiseBlock.scratch = this;
        }
        return depthwiseBlock;
    }

    /** {@return the depthwise convolution that this thread runs} */
    DepthwiseCall depthwise() {
        if (depthwise == null) {
            depthwise = new DepthwiseCall();
        }
        return depthwise;
    }

    /** {@return the range of elements that this thread runs over} */
    RangeCall range() {
        if (range == null) {
            range = new RangeCall();
        }
        return range;
    }

    /** {@return the pairs of elements that this thread runs over} */
    PairCall pair() {
        if (pair == null) {
            pair = new PairCall();
        }
        return pair;
    }

    /** {@return rows of a matrix, for the product} */
    MatrixRows matrixRows() {
        return matrixRows;
    }

    /** {@return rows that are pixels under a window, for the product} */
    PatchRows patchRows() {
        if (patchRows == null) {
            patchRows = new PatchRows();
        }
        return patchRows;
    }

    /** {@return rows that kernels read from an image, for the product} */
    ImageSource imageSource() {
        if (imageSource == null) {
            imageSource = new ImageSource();
        }
        return imageSource;
    }

    /** {@return how the rows of a block lie in an image} */
    ImageRows imageRows() {
        if (imageRows == null) {
            imageRows = new ImageRows();
        }
        return imageRows;
    }

    /** {@return memory for the steps between pieces of such rows} */
    ScratchBuffer steps() {
        return steps;
    }

    /** {@return rows to quantize, for the product} */
    FloatRows floatRows() {
        if (floatRows == null) {
            floatRows = new FloatRows();
        }
        return floatRows;
    }

    /** {@return what stores a dynamic layer's output} */
    DynamicFinisher dynamicFinisher() {
        if (dynamicFinisher == null) {
            dynamicFinisher = new DynamicFinisher();
        }
        return dynamicFinisher;
    }

    /** {@return the batch of products that this thread runs} */
    MatmulCall matmul() {
        if (matmul == null) {
            matmul = new MatmulCall();
        }
        return matmul;
    }

    /** {@return the block of a grouped layer that this thread hands to kernels} */
    GroupedBlock groupedBlock() {
        if (groupedBlock == null) {
            groupedBlock = new GroupedBlock();
            groupedBlock.scratch = this;
        }
        return groupedBlock;
    }

    /** {@return the grouped layer that this thread runs} */
    GroupedCall grouped() {
        if (grouped == null) {
            grouped = new GroupedCall();
        }
        return grouped;
    }

    /** {@return what a matrix is packed to at run time, the only one of its group} */
    GemmOperand[] operand() {
        return operand;
    }

    /**
     * An array of any contents, for one use at a time.
     *
     * @param length how long it is at least
     * @return the array
     */
    public int[] ints(int length) {
        if (ints.length < length) {
            ints = new int[Math.max(length, ints.length * 3 / 2)];
        }
        return ints;
    }

    /** {@return the block of pooled pixels that this thread hands to kernels} */
    PoolBlock pool() {
        if (pool == null) {
            pool = new PoolBlock();
            pool.scratch = this;
        }
        return pool;
    }

    /** {@return the pooling that this thread runs} */
    PoolCall pooling() {
        if (pooling == null) {
            pooling = new PoolCall();
        }
        return pooling;
    }

    /** {@return a span of a window along one of three axes} */
    PoolSpan span(int which) {
        if (spans == null) {
            spans = new PoolSpan[] {new PoolSpan(), new PoolSpan(), new PoolSpan()};
        }
        return spans[which];
    }

    /** {@return the smallest and the largest of floats; the first above the second where there are none} */
    float[] range(RangeFinder finder, MemorySegment values, long offset, long count) {
        ends[0] = Float.POSITIVE_INFINITY;
        ends[1] = Float.NEGATIVE_INFINITY;
        finder.widen(values, offset, count, ends, this);
        return ends;
    }

    /** {@return an array of at least a length, of any contents} */
    float[] floats(int length) {
        if (floats.length < length) {
            floats = new float[Math.max(length, floats.length * 3 / 2)];
        }
        return floats;
    }

    /** {@return arrays through which elements go, a block at a time} */
    public Stage stage() {
        if (stage == null) {
            stage = new Stage();
        }
        return stage;
    }

    /**
     * An array for a copy of an input, of any contents, for one use at a time.
     *
     * @param length how long it is at least
     * @return the array
     */
    public byte[] input(int length) {
        if (input.length < length) {
            input = new byte[Math.max(length, input.length + input.length / 2)];
            inputSegment = MemorySegment.ofArray(input);
        }
        return input;
    }

    /** {@return the array of {@link #input} as memory} */
    MemorySegment inputSegment() {
        return inputSegment;
    }

    /**
     * An array for an output that will be copied, of any contents, for one use at a time.
     *
     * @param length how long it is at least
     * @return the array
     */
    public byte[] output(int length) {
        if (output.length < length) {
            output = new byte[Math.max(length, output.length + output.length / 2)];
        }
        return output;
    }

    /**
     * What kernels of one family keep with this memory.
     *
     * @param type its class
     * @param maker makes it where there is none, or one of another class
     * @param <T> its class
     * @return the object
     */
    public <T> T kept(Class<T> type, Supplier<T> maker) {
        if (!type.isInstance(kept)) {
            kept = maker.get();
        }
        return type.cast(kept);
    }

    /** {@return memory for whatever a kernel needs} */
    public ScratchBuffer kernel() {
        return kernel;
    }

    /** {@return what {@link KernelSet#workspace} made for this memory} */
    public Object workspace() {
        return workspace;
    }

    void free() {
        rows.free();
        rowSums.free();
        sums.free();
        kernel.free();
        call.free();
        steps.free();
    }
}

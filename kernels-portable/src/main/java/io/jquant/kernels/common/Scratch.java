// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

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
    private final GemmBlock block = new GemmBlock();
    private float[] left = new float[0];
    private float[] right = new float[0];
    private float[] tile = new float[0];

    Scratch() {
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

    /** {@return memory for whatever a kernel needs} */
    public ScratchBuffer kernel() {
        return kernel;
    }

    /**
     * An array for rows as floats, of any contents.
     *
     * @param length how many at least
     * @return the array, valid until more of it is asked for
     */
    public float[] left(int length) {
        left = atLeast(left, length);
        return left;
    }

    /**
     * An array for weights as floats, of any contents.
     *
     * @param length how many at least
     * @return the array, valid until more of it is asked for
     */
    public float[] right(int length) {
        right = atLeast(right, length);
        return right;
    }

    /**
     * An array for a tile of sums, of any contents.
     *
     * @param length how many at least
     * @return the array, valid until more of it is asked for
     */
    public float[] tile(int length) {
        tile = atLeast(tile, length);
        return tile;
    }

    private static float[] atLeast(float[] array, int length) {
        return array.length >= length ? array : new float[Math.max(length, array.length * 3 / 2)];
    }

    void free() {
        rows.free();
        rowSums.free();
        sums.free();
        kernel.free();
        call.free();
    }
}

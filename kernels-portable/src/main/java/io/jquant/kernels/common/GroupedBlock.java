// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/** Rows times a range of panels of a grouped layer, for {@link GroupedKernel#run}. */
public final class GroupedBlock {
    /** The weights. */
    public GroupedWeights weights;
    /** The quantized rows, off the heap, as the layout says. */
    public MemorySegment rows;
    /** Where the first begins. */
    public long rowsOffset;
    /** How many. */
    public int rowCount;
    /** The first panel to use. */
    public int firstPanel;
    /** How many panels to use, 1 or more. */
    public int panels;
    /** f32, on the heap or not. */
    public MemorySegment output;
    /** The byte where the first row's first column goes. */
    public long outputOffset;
    /** Bytes from one row to the next. */
    public long outputStride;
    /** The lower bound. */
    public float min;
    /** The upper bound. */
    public float max;
    /** Memory of the running thread's own. */
    public Scratch scratch;

    GroupedBlock() {
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/**
 * Arrays of one thread through which elements go that vector code cannot reach where they lie, a block at a time. They
 * are longer than a block by what any vector may reach beyond it.
 */
public final class Stage {
    /** Elements of a block. */
    public static final int SIZE = 2048;
    private static final int LENGTH = SIZE + 64;

    /** Bytes of the only operand, or of the left one. */
    public final byte[] input = new byte[LENGTH];
    /** Bytes of the right operand. */
    public final byte[] right = new byte[LENGTH];
    /** Bytes of the output. */
    public final byte[] output = new byte[LENGTH];
    /** Floats of the input. */
    public final float[] floats = new float[LENGTH];
    /** Floats of the output. */
    public final float[] floatOutput = new float[LENGTH];
    /** The former and the latter, for kernels over elements: these use the arrays for what they cannot reach. */
    final MemorySegment floatsSegment = MemorySegment.ofArray(floats);
    final MemorySegment floatOutputSegment = MemorySegment.ofArray(floatOutput);

    Stage() {
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

/**
 * One step of a lowered model.
 *
 * @param body what it does
 * @param reads slots whose quantized values it reads
 * @param writes slot whose quantized value it makes, {@link #NONE} if it makes a real one
 * @param shares whether what it makes may lie in the memory of what it reads
 */
// never compared or handed out
@SuppressWarnings("ArrayRecordComponent")
record Step(Body body, int[] reads, int writes, boolean shares) {
    static final int NONE = -1;

    /** What a step does. */
    @FunctionalInterface
    interface Body {
        /** Makes the step's value. */
        void run(Frame frame);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

/**
 * One step of a lowered model.
 *
 * @param label what it does, in words
 * @param body does it
 * @param reads slots whose quantized values it reads
 * @param writes slot whose quantized value it makes, {@link #NONE} if it makes a real one
 */
// never compared or handed out
@SuppressWarnings("ArrayRecordComponent")
record Step(String label, Body body, int[] reads, int writes) {
    static final int NONE = -1;

    /** What a step does. */
    @FunctionalInterface
    interface Body {
        /** Makes the step's value. */
        void run(Frame frame);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.spi.MovementKernel;
import java.lang.foreign.MemorySegment;

/** Elements brought to other places: {@link MovementSpec}. */
public final class Movement extends Operator<MovementKernel> {
    private final MovementSpec spec;

    Movement(MovementSpec spec, MovementKernel kernel) {
        super(kernel);
        this.spec = spec;
    }

    /**
     * Moves the elements.
     *
     * @param shape the input's shape, every size 0 or more
     * @param input the input, contiguous
     * @param output the output of {@link MovementSpec#outputShape}, contiguous, memory of its own
     * @throws IllegalArgumentException if the shape does not go with the movement, a segment is too small, or the
     *         output is read-only or overlapping
     * @throws IllegalStateException if the operator is closed
     */
    public void run(int[] shape, MemorySegment input, MemorySegment output) {
        // a copy: the kernel must see the sizes that were checked
        int[] inputShape = Require.notNull("shape", shape).clone();
        long elements = Broadcast.elements("input", inputShape);
        int[] outputShape = spec.outputShape(inputShape);
        Require.readable("input", input, Require.product("input", elements, spec.elementBytes()));
        Require.writable("output", output,
                Require.product("output", Broadcast.elements("output", outputShape), spec.elementBytes()));
        Require.disjoint(output, "input", input, false);
        MovementKernel kernel = enter();
        try {
            kernel.run(inputShape, input, output);
        } finally {
            leave();
        }
    }
}

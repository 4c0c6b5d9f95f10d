// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import io.jquant.codegen.GeneratedCode;
import io.jquant.kernels.common.CodeRunner;
import io.jquant.kernels.common.OutputBlock;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** What runs the code: this process's CPU, or in tests another that is imitated. */
interface Machine extends CodeRunner, AutoCloseable {
    /** This process's CPU. */
    Machine THIS = (code, input, output, addend, arguments, weights, block) -> {
        try {
            GeneratedCode.run(code, input, output, addend, arguments);
        } finally {
            // weights, terms and sums of rows were passed as addresses
            Reference.reachabilityFence(weights);
            Reference.reachabilityFence(block);
        }
    };

    /**
     * Runs a kernel.
     *
     * @param code the kernel
     * @param input the u8 input, on the heap or not
     * @param output the output, on the heap or not
     * @param addend the addend, on the heap or not; {@link MemorySegment#NULL} for none
     * @param arguments see {@link ArmArguments}
     * @param weights the packed weights, to which arguments point; {@link MemorySegment#NULL} for none
     * @param block whose terms and sums of rows arguments point to; null where biases are among the weights, if any
     */
    void run(MemorySegment code, MemorySegment input, MemorySegment output, MemorySegment addend,
            MemorySegment arguments, MemorySegment weights, OutputBlock block);

    /** Runs a kernel that is passed no address. */
    @Override
    default void run(MemorySegment code, MemorySegment input, MemorySegment output, MemorySegment third,
            MemorySegment arguments) {
        run(code, input, output, third, arguments, MemorySegment.NULL, null);
    }

    /** Ends what was started to run code. */
    @Override
    default void close() {
    }
}

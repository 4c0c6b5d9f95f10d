// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import java.lang.foreign.MemorySegment;

/** What runs the code: this process's CPU, or in tests another that is imitated. */
interface Machine extends AutoCloseable {
    /**
     * Runs a kernel.
     *
     * @param code the kernel
     * @param input the input, on the heap or not
     * @param output the output, on the heap or not
     * @param addend the addend, on the heap or not; {@link MemorySegment#NULL} for none
     * @param arguments see {@link KernelArguments} and its like; addresses in it are this process's
     */
    void run(MemorySegment code, MemorySegment input, MemorySegment output, MemorySegment addend,
            MemorySegment arguments);

    /** Runs {@link ScoringCode}, whose arguments these are; returns what it returns. */
    long score(MemorySegment code, MemorySegment query, MemorySegment rows, MemorySegment ordinals,
            MemorySegment results, long count, long rowCount, long toNorms);

    /** Ends what was started to run code. */
    @Override
    default void close() {
    }
}

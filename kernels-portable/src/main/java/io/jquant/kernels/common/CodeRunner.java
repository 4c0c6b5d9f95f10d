// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/** What runs machine code: this process's CPU, or in tests another that is imitated. */
public interface CodeRunner {
    /**
     * Runs a kernel.
     *
     * @param code the kernel
     * @param input the input, on the heap or not
     * @param output the output, on the heap or not
     * @param third the addend, the right input or the table, on the heap or not; {@link MemorySegment#NULL} for none
     * @param arguments what the kernel is told besides; addresses in it are this process's
     */
    void run(MemorySegment code, MemorySegment input, MemorySegment output, MemorySegment third,
            MemorySegment arguments);
}

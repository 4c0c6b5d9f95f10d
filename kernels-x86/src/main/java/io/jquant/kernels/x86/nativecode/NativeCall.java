// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.codegen.GeneratedCode;
import io.jquant.cpu.Architecture;
import java.lang.foreign.MemorySegment;

/** How the kernels are called. */
final class NativeCall {
    private NativeCall() {
    }

    /** {@return why this process cannot call the kernels, empty if it can} */
    static String whyNot() {
        return Architecture.current() == Architecture.X86_64 ? GeneratedCode.whyNot()
                : "native code: the kernels are x86-64 machine code";
    }

    /**
     * Runs a kernel.
     *
     * @param code the kernel
     * @param a the u8 rows, on the heap or not
     * @param output the output, on the heap or not
     * @param addend the addend, on the heap or not; {@link MemorySegment#NULL} for none
     * @param arguments see {@link KernelArguments}
     */
    static void run(MemorySegment code, MemorySegment a, MemorySegment output, MemorySegment addend,
            MemorySegment arguments) {
        GeneratedCode.run(code, a, output, addend, arguments);
    }
}

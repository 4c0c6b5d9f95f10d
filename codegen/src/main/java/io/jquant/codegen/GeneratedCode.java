// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen;

import java.lang.foreign.MemorySegment;

/** The way into code that is generated at run time: one constant method handle for all of it. */
public final class GeneratedCode {
    private GeneratedCode() {
    }

    /** {@return why this process cannot call generated code, empty if it can} */
    public static String whyNot() {
        return Entry.REFUSAL;
    }

    /**
     * Runs a function, which finds these five arguments where the calling convention has them, its own address first.
     *
     * @param code the function, in {@link ExecutableMemory}
     * @param second the second argument, on the heap or not
     * @param third the third, on the heap or not
     * @param fourth the fourth, on the heap or not
     * @param fifth the fifth, on the heap or not
     */
    public static void run(MemorySegment code, MemorySegment second, MemorySegment third, MemorySegment fourth,
                           MemorySegment fifth) {
        var _ = WordCall.call(code, code, second, third, fourth, fifth);
    }

    private static final class Entry {
        static final String REFUSAL = refusal();

        private static String refusal() {
            String arch = System.getProperty("os.arch");
            if (!arch.equals("amd64") && !arch.equals("x86_64") && !arch.equals("aarch64")) {
                return "native code: the kernels are machine code of x86-64 and AArch64";
            }
            String reason = ExecutableMemory.whyNot();
            return reason.isEmpty() ? "" : "native code: ".concat(reason);
        }
    }
}

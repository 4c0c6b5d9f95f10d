// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.GeneralOp.JMP;

import io.jquant.codegen.ExecutableMemory;
import io.jquant.codegen.ExecutableMemory.Available;
import io.jquant.codegen.ExecutableMemory.Refused;
import io.jquant.codegen.NativeFunction;
import io.jquant.codegen.NativeFunction.Transition;
import io.jquant.codegen.x86.CallingConvention;
import io.jquant.codegen.x86.X86Assembler;
import io.jquant.cpu.Architecture;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The one way into generated code. A method handle is fast as a constant only, and kernels are made at run time: so the
 * constant leads to a jump, and the kernel's address is its first argument.
 */
final class NativeCall {
    private static final int POINTERS = 5;

    private NativeCall() {
    }

    /** {@return why this process cannot call generated code, empty if it can} */
    static String whyNot() {
        return Entry.REFUSAL;
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
        try {
            Entry.JUMP.invokeExact(code, a, output, addend, arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static final class Entry {
        static final String REFUSAL;
        static final MethodHandle JUMP;

        static {
            String refusal = "native code: the kernels are x86-64 machine code";
            MethodHandle jump = null;
            if (Architecture.current() == Architecture.X86_64) {
                X86Assembler a = new X86Assembler();
                a.emit(JMP, CallingConvention.current().arguments().getFirst());
                switch (ExecutableMemory.mapCollected(a.assemble())) {
                    case Available available -> {
                        refusal = "";
                        jump = NativeFunction.ofVoid(available.memory(), 0, POINTERS, 0, Transition.CRITICAL_HEAP);
                    }
                    case Refused refused -> refusal = "native code: " + refused.reason();
                }
            }
            REFUSAL = refusal;
            JUMP = jump;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen;

import io.jquant.codegen.ExecutableMemory.Available;
import io.jquant.codegen.ExecutableMemory.Refused;
import io.jquant.codegen.NativeFunction.Transition;
import io.jquant.codegen.arm64.Arm64Assembler;
import io.jquant.codegen.arm64.Reg;
import io.jquant.codegen.x86.CallingConvention;
import io.jquant.codegen.x86.GeneralOp;
import io.jquant.codegen.x86.X86Assembler;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The one way into code that is generated at run time. A method handle is fast as a constant only: so the constant
 * leads to a jump, and the address of what is to run is its first argument.
 */
public final class GeneratedCode {
    private static final int POINTERS = 5;

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
     * @param first the second argument, on the heap or not
     * @param second the third, on the heap or not
     * @param third the fourth, on the heap or not
     * @param fourth the fifth, on the heap or not
     */
    public static void run(MemorySegment code, MemorySegment first, MemorySegment second, MemorySegment third,
                           MemorySegment fourth) {
        try {
            Entry.JUMP.invokeExact(code, first, second, third, fourth);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** The jump to the first argument, in this CPU's code; empty where there is no assembler for it. */
    private static byte[] jump() {
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> x86Jump();
            case "aarch64" -> arm64Jump();
            default -> new byte[0];
        };
    }

    private static byte[] x86Jump() {
        X86Assembler a = new X86Assembler();
        a.emit(GeneralOp.JMP, CallingConvention.current().arguments().getFirst());
        return a.assemble();
    }

    private static byte[] arm64Jump() {
        Arm64Assembler a = new Arm64Assembler();
        a.emit(io.jquant.codegen.arm64.GeneralOp.BR, Reg.x(0));
        return a.assemble();
    }

    private static final class Entry {
        static final String REFUSAL;
        static final MethodHandle JUMP;

        static {
            byte[] code = jump();
            String refusal = "native code: the kernels are machine code of x86-64 and AArch64";
            MethodHandle jump = null;
            if (code.length > 0) {
                switch (ExecutableMemory.mapCollected(code)) {
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

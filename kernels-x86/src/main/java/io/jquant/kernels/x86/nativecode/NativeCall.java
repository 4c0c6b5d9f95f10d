// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.codegen.ExecutableMemory;
import io.jquant.codegen.GeneratedCode;
import io.jquant.codegen.NativeFunction;
import io.jquant.codegen.NativeFunction.Transition;
import io.jquant.codegen.x86.CallingConvention;
import io.jquant.codegen.x86.GeneralOp;
import io.jquant.codegen.x86.X86Assembler;
import io.jquant.cpu.Architecture;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** How this process's CPU is made to run the kernels. */
final class NativeCall implements Machine {
    /** This process's CPU. */
    static final Machine THIS = new NativeCall();

    private NativeCall() {
    }

    /** {@return why this process cannot call the kernels, empty if it can} */
    static String whyNot() {
        return Architecture.current() == Architecture.X86_64 ? GeneratedCode.whyNot()
                : "native code: the kernels are x86-64 machine code";
    }

    @Override
    public void run(MemorySegment code, MemorySegment input, MemorySegment output, MemorySegment addend,
            MemorySegment arguments) {
        GeneratedCode.run(code, input, output, addend, arguments);
    }

    @Override
    public long score(MemorySegment code, MemorySegment query, MemorySegment rows, MemorySegment ordinals,
            MemorySegment results, long count, long rowCount, long toNorms) {
        try {
            return (long) Scoring.JUMP.invokeExact(code, query, rows, ordinals, results, count, rowCount, toNorms);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** As {@link GeneratedCode}: a jump to the kernel, whose address is the first argument. */
    private static final class Scoring {
        private static final int POINTERS = 5;
        private static final int LONGS = 3;

        static final MethodHandle JUMP;

        static {
            X86Assembler a = new X86Assembler();
            a.emit(GeneralOp.JMP, CallingConvention.current().arguments().getFirst());
            JUMP = NativeFunction.ofLong(ExecutableMemory.mapCollected(a.assemble()).orThrow(), 0, POINTERS, LONGS,
                    Transition.CRITICAL_HEAP);
        }
    }
}

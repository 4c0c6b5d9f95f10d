// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.peak;

import io.jquant.bench.measure.Subject;
import io.jquant.codegen.ExecutableMemory;
import io.jquant.codegen.ExecutableMemory.Available;
import io.jquant.codegen.ExecutableMemory.Refused;
import io.jquant.codegen.NativeFunction;
import io.jquant.codegen.NativeFunction.Transition;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** Subjects that run a loop of machine code. */
final class MachineCode {
    private MachineCode() {
    }

    /** A loop over registers, so many steps a call; empty where this process may not run machine code. */
    static Optional<Subject> loop(byte[] code, long steps) {
        return map(code).map(memory -> {
            MethodHandle function = NativeFunction.ofVoid(memory, 0, 0, 1, Transition.SAFEPOINT);
            return Subject.of(() -> {
                try {
                    function.invokeExact(steps);
                } catch (Throwable e) {
                    throw new IllegalStateException(e);
                }
            }, null, memory::close);
        });
    }

    /** A loop over memory, so many steps and so often a call; empty where this process may not run machine code. */
    static Optional<Subject> loop(byte[] code, MemorySegment operand, long steps, long repeat) {
        return map(code).map(memory -> {
            MethodHandle function = NativeFunction.ofVoid(memory, 0, 1, 2, Transition.SAFEPOINT);
            return Subject.of(() -> {
                try {
                    function.invokeExact(operand, steps, repeat);
                } catch (Throwable e) {
                    throw new IllegalStateException(e);
                }
            }, null, memory::close);
        });
    }

    private static Optional<ExecutableMemory> map(byte[] code) {
        return switch (ExecutableMemory.map(code)) {
            case Available available -> Optional.of(available.memory());
            case Refused refused -> Optional.empty();
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Calls of native functions that take up to six words and return one or none, at any address. The first call of a
 * signature costs a JVM more than ten milliseconds: so the system's functions and generated code share this one. The
 * thread stays in Java, and segments may be heap arrays, which do not move during the call.
 */
final class WordCall {
    private static final MethodHandle CALL;
    private static final String REFUSAL;

    static {
        MethodHandle call = null;
        String refusal = "";
        try {
            call = link();
        } catch (IllegalCallerException e) {
            refusal = "native access is denied: --enable-native-access=io.jquant.codegen (or ALL-UNNAMED on"
                + " the class path) allows it";
        } catch (UnsupportedOperationException e) {
            refusal = "this JVM cannot call native code: " + e.getMessage();
        }
        CALL = call;
        REFUSAL = refusal;
    }

    private WordCall() {
    }

    private static MethodHandle link() {
        return Linker.nativeLinker().downcallHandle(
            FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG),
            Linker.Option.critical(true));
    }

    /**
     * Checks that calls are possible.
     *
     * @throws RefusedException if they are not
     */
    static void require() throws RefusedException {
        if (!REFUSAL.isEmpty()) {
            throw new RefusedException(REFUSAL);
        }
    }

    /** Calls a function with five words and a sixth of 0. */
    static long call(MemorySegment function, MemorySegment first, MemorySegment second, MemorySegment third,
                     MemorySegment fourth, MemorySegment fifth) {
        try {
            return (long) CALL.invokeExact(function, first, second, third, fourth, fifth, 0L);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}

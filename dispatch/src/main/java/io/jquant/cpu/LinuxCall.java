// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A system call of Linux, made without JNA, whose loading takes a start longer than all else. Its signature is the one
 * that machine code is called with: the JVM links a signature once, whoever asks first.
 */
final class LinuxCall {
    private static final FunctionDescriptor WORDS = FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, ADDRESS,
            ADDRESS, ADDRESS, JAVA_LONG);

    private LinuxCall() {
    }

    /** {@return whether this JVM lets jquant's API call native code and will not warn of it} */
    static boolean isAllowed() {
        return LinuxCall.class.getModule().isNativeAccessEnabled();
    }

    /**
     * Calls the system; where it fails once more, because only then errno is asked for.
     *
     * @param number the call's number
     * @param first its first argument
     * @param second its second argument
     * @return 0, or the error number
     */
    static int errno(long number, long first, long second) {
        Linker linker = Linker.nativeLinker();
        MemorySegment function = linker.defaultLookup().find("syscall").orElseThrow();
        try {
            return succeeds(linker, function, number, first, second) ? 0
                    : repeated(linker, function, number, first, second);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    // isAllowed is asked first
    @SuppressWarnings("restricted")
    private static boolean succeeds(Linker linker, MemorySegment function, long number, long first, long second)
            throws Throwable {
        MethodHandle call = linker.downcallHandle(WORDS, Linker.Option.critical(true));
        return (long) call.invokeExact(function, MemorySegment.ofAddress(number), MemorySegment.ofAddress(first),
                MemorySegment.ofAddress(second), MemorySegment.NULL, MemorySegment.NULL, 0L) != -1;
    }

    @SuppressWarnings("restricted")
    private static int repeated(Linker linker, MemorySegment function, long number, long first, long second)
            throws Throwable {
        MemoryLayout layout = Linker.Option.captureStateLayout();
        MethodHandle call = linker.downcallHandle(function, FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG,
                JAVA_LONG, JAVA_LONG), Linker.Option.captureCallState("errno"));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(layout);
            long result = (long) call.invokeExact(state, number, first, second, 0L);
            return result != -1 ? 0
                    : state.get(JAVA_INT, layout.byteOffset(MemoryLayout.PathElement.groupElement("errno")));
        }
    }
}

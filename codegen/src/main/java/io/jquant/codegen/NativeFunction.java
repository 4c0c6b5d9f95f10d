// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.Objects;

/** Functions in {@link ExecutableMemory} as method handles. */
public final class NativeFunction {
    private static final int MAX_ARGUMENTS = 32;
    private static final Linker.Option[] NO_OPTIONS = {};

    /** How the JVM enters the function. */
    public enum Transition {
        /** The thread leaves Java: the garbage collector need not wait for it. Segments must be native. */
        SAFEPOINT,
        /** The thread stays in Java, at a lower cost: the garbage collector waits for it. Segments must be native. */
        CRITICAL,
        /** As {@link #CRITICAL}, and segments may be heap arrays, which do not move during the call. */
        CRITICAL_HEAP;

        private Linker.Option[] options() {
            return this == SAFEPOINT ? NO_OPTIONS
                : new Linker.Option[] {Linker.Option.critical(this == CRITICAL_HEAP)};
        }
    }

    private NativeFunction() {
    }

    /**
     * A function that returns nothing. Its method handle takes {@code pointers} MemorySegments, then {@code longs}
     * longs; {@link MethodHandle#invokeExact} from a static final field costs a few nanoseconds.
     *
     * @param memory where its code is
     * @param offset bytes from the start of that to the function's first instruction
     * @param pointers number of MemorySegments
     * @param longs number of longs behind them
     * @param transition how it is entered
     * @return the function
     */
    public static MethodHandle ofVoid(ExecutableMemory memory, long offset, int pointers, int longs,
                                      Transition transition) {
        return link(memory, offset, FunctionDescriptor.ofVoid(arguments(pointers, longs)), transition);
    }

    /**
     * A function that returns a long, else as {@link #ofVoid}.
     *
     * @param memory where its code is
     * @param offset bytes from the start of that to the function's first instruction
     * @param pointers number of MemorySegments
     * @param longs number of longs behind them
     * @param transition how it is entered
     * @return the function
     */
    public static MethodHandle ofLong(ExecutableMemory memory, long offset, int pointers, int longs,
                                      Transition transition) {
        return link(memory, offset, FunctionDescriptor.of(JAVA_LONG, arguments(pointers, longs)), transition);
    }

    private static MethodHandle link(ExecutableMemory memory, long offset, FunctionDescriptor signature,
                                     Transition transition) {
        Objects.requireNonNull(memory, "memory");
        Objects.requireNonNull(transition, "transition");
        return Linker.nativeLinker().downcallHandle(memory.entry(offset), signature, transition.options());
    }

    private static MemoryLayout[] arguments(int pointers, int longs) {
        if (pointers < 0 || longs < 0 || pointers > MAX_ARGUMENTS - longs) {
            throw new IllegalArgumentException("pointers = " + pointers + ", longs = " + longs
                + ": must be 0 or more, at most " + MAX_ARGUMENTS + " together");
        }
        MemoryLayout[] layouts = new MemoryLayout[pointers + longs];
        Arrays.fill(layouts, 0, pointers, ADDRESS);
        Arrays.fill(layouts, pointers, layouts.length, JAVA_LONG);
        return layouts;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Machine code in pages that are written first and executed afterwards, never both at once.
 *
 * <p>The address of a function that {@link NativeFunction} makes is tied to this memory: calls after {@link #close()}
 * fail with an {@link IllegalStateException}, and closing fails with one while a call runs.
 *
 * <p>On macOS the pages are not MAP_JIT: switching such pages to writable takes the right to execute all of them from
 * the calling thread, the JVM's own code included, so Java cannot do it. A JVM signed without the right to run unsigned
 * executable memory answers with {@link Refused}.
 */
public final class ExecutableMemory implements AutoCloseable {
    private static final long MAX_BYTES = 1L << 30;
    // set once; a race sets it to an equal value
    private static volatile Pages systemPages;

    private final Arena arena;
    private final boolean isCloseable;
    private final MemorySegment code;

    /** What the system answered. */
    public sealed interface Result permits Available, Refused {
        /**
         * The memory, for callers that know of an earlier answer that the system has some.
         *
         * @return the memory
         * @throws IllegalStateException if there is none; the message says why
         */
        default ExecutableMemory orThrow() {
            // a switch over types costs milliseconds the first time
            if (this instanceof Refused refused) {
                throw new IllegalStateException("no executable memory: " + refused.reason());
            }
            return ((Available) this).memory();
        }
    }

    /**
     * The code is in memory and can be called.
     *
     * @param memory where it is
     */
    public record Available(ExecutableMemory memory) implements Result {
    }

    /**
     * There is no executable memory; callers use kernels that need none, and report the reason.
     *
     * @param reason what the system said
     */
    public record Refused(String reason) implements Result {
    }

    private ExecutableMemory(Arena arena, boolean isCloseable, MemorySegment code) {
        this.arena = arena;
        this.isCloseable = isCloseable;
        this.code = code;
    }

    /**
     * Maps code until it is closed. Every call counts itself in and out, which threads that call very short functions
     * of the same memory feel.
     *
     * @param code position-independent machine code of this CPU
     * @return the memory, or why there is none
     */
    public static Result map(byte[] code) {
        return map(code, null, true);
    }

    /**
     * Maps code until neither it nor a function in it is reachable; {@link #close()} does nothing. Calls cost less than
     * with {@link #map(byte[])}.
     *
     * @param code position-independent machine code of this CPU
     * @return the memory, or why there is none
     */
    public static Result mapCollected(byte[] code) {
        return map(code, null, false);
    }

    static Result map(byte[] code, Pages given, boolean isCloseable) {
        Objects.requireNonNull(code, "code");
        if (code.length == 0 || code.length > MAX_BYTES) {
            throw new IllegalArgumentException("code.length = " + code.length + ": must be 1 to " + MAX_BYTES);
        }
        Arena arena = isCloseable ? shared() : Arena.ofAuto();
        try {
            return new Available(new ExecutableMemory(arena, isCloseable, place(code, given, arena)));
        } catch (RefusedException e) {
            if (isCloseable) {
                arena.close();
            }
            return new Refused(e.getMessage());
        }
    }

    /** Why there is none; empty if there is. */
    static String whyNot() {
        try {
            Pages pages = system();
            MemorySegment memory = pages.reserve(1);
            try {
                pages.seal(memory.reinterpret(1));
            } finally {
                pages.free(memory.reinterpret(1));
            }
            return "";
        } catch (RefusedException e) {
            return e.getMessage();
        }
    }

    private static MemorySegment place(byte[] code, Pages given, Arena arena) throws RefusedException {
        Pages pages = given == null ? system() : given;
        MemorySegment memory = pages.reserve(code.length).reinterpret(code.length, arena, pages::free);
        memory.copyFrom(MemorySegment.ofArray(code));
        pages.seal(memory);
        // a write from Java would kill the process
        return memory.asReadOnly();
    }

    private static Pages system() throws RefusedException {
        if (systemPages == null) {
            systemPages = Pages.system();
        }
        return systemPages;
    }

    // closed by close()
    @SuppressWarnings("MustBeClosedChecker")
    private static Arena shared() {
        return Arena.ofShared();
    }

    /** {@return the code as it lies in memory, to be read only} */
    public MemorySegment code() {
        return code;
    }

    /**
     * Where a function begins.
     *
     * @param offset bytes from the code's start
     * @return the address
     */
    MemorySegment entry(long offset) {
        if (offset < 0 || offset >= code.byteSize()) {
            throw new IllegalArgumentException("offset = " + offset + ": must be 0 to " + (code.byteSize() - 1));
        }
        return code.asSlice(offset);
    }

    /**
     * Gives the memory back; a second time does nothing.
     *
     * @throws IllegalStateException if a function in it is running
     */
    @Override
    public void close() {
        if (isCloseable && arena.scope().isAlive()) {
            arena.close();
        }
    }
}

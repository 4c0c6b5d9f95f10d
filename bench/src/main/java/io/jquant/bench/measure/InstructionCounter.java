// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.measure;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jquant.cpu.Architecture;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * Counts what the calling thread does outside the kernel, with Linux's perf_event_open(2): instructions, which do not
 * vary with what else the machine does. Used by the thread that opened it.
 */
public final class InstructionCounter implements AutoCloseable {
    /** What is counted: the numbers of perf_event_open's {@code type} and {@code config}. */
    public enum Event {
        /** Instructions that were retired; a virtual machine often has no counter for them. */
        INSTRUCTIONS(0, 1),
        /** Pages that the thread touched first: the system counts them itself, everywhere. */
        PAGE_FAULTS(1, 2);

        private final int type;
        private final long config;

        Event(int type, long config) {
            this.type = type;
            this.config = config;
        }
    }

    // perf_event_attr of 64 bytes, its first version; the flags are exclude_kernel and exclude_hv
    private static final int ATTRIBUTE_BYTES = 64;
    private static final long FLAGS = 1 << 5 | 1 << 6;
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_VALUE = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final MethodHandle read;
    private final MethodHandle close;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment value = arena.allocate(JAVA_LONG);
    private final int descriptor;

    private InstructionCounter(int descriptor) {
        this.descriptor = descriptor;
        read = function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
        close = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    @SuppressWarnings("restricted") // nothing else asks the kernel
    private static MethodHandle function(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
    }

    /**
     * Opens a counter for the calling thread.
     *
     * @param event what is counted
     * @return the counter
     * @throws UnsupportedOperationException if this system has none or refuses it; the message says why
     */
    public static InstructionCounter open(Event event) {
        if (!System.getProperty("os.name").startsWith("Linux")) {
            throw new UnsupportedOperationException("instructions are counted on Linux only");
        }
        long number = Architecture.current() == Architecture.AARCH64 ? 241 : 298;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attribute = arena.allocate(ATTRIBUTE_BYTES, Long.BYTES);
            attribute.set(JAVA_INT, 0, event.type);
            attribute.set(JAVA_INT, 4, ATTRIBUTE_BYTES);
            attribute.set(JAVA_LONG, 8, event.config);
            attribute.set(JAVA_LONG, 40, FLAGS);
            MemorySegment state = arena.allocate(STATE);
            MethodHandle syscall = function("syscall", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT,
                    JAVA_INT, JAVA_INT, JAVA_LONG), ERRNO, Linker.Option.firstVariadicArg(1));
            // this thread, on any CPU, in no group
            long descriptor = (long) syscall.invokeExact(state, number, attribute, 0, -1, -1, 0L);
            if (descriptor < 0) {
                throw new UnsupportedOperationException("perf_event_open refuses " + event + ": "
                        + reason((int) ERRNO_VALUE.get(state, 0L)));
            }
            return new InstructionCounter((int) descriptor);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static String reason(int errno) {
        return switch (errno) {
            case 1, 13 -> "/proc/sys/kernel/perf_event_paranoid forbids it";
            case 2, 19, 95 -> "this machine has no such counter, as many virtual ones";
            case 38 -> "this system has no such call";
            default -> "errno " + errno;
        };
    }

    /** {@return how many there were since the counter was opened} */
    public long count() {
        try {
            long bytes = (long) read.invokeExact(descriptor, value, (long) Long.BYTES);
            if (bytes != Long.BYTES) {
                throw new IllegalStateException("a counter of " + bytes + " bytes");
            }
            return value.get(JAVA_LONG, 0);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            int ignored = (int) close.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        } finally {
            arena.close();
        }
    }
}

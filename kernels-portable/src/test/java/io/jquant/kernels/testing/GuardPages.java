// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Memory between two pages that nobody may touch: machine code that reads or writes beyond it ends the JVM. */
@SuppressWarnings("restricted") // nothing else has pages that nobody may touch
public final class GuardPages implements AutoCloseable {
    /** Whether this operating system has what is needed. */
    public static final boolean AVAILABLE = System.getProperty("os.name").equals("Linux");

    private static final long PAGE = 1 << 16;
    private static final int READ_WRITE = 3;
    private static final int NO_ACCESS = 0;
    private static final int PRIVATE_ANONYMOUS = 0x22;

    private final MemorySegment all;
    private final long bytes;
    private final boolean atEnd;

    /**
     * @param least how much memory at least
     * @param atEnd whether operands end where memory does, and not begin where it begins
     */
    public GuardPages(long least, boolean atEnd) {
        this.bytes = Math.ceilDiv(least, PAGE) * PAGE;
        this.atEnd = atEnd;
        long size = bytes + 2 * PAGE;
        try {
            MemorySegment at = (MemorySegment) call("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
                    JAVA_LONG).invokeExact(MemorySegment.NULL, size, NO_ACCESS, PRIVATE_ANONYMOUS, -1, 0L);
            if (at.address() == -1) {
                throw new AssertionError("mmap fails");
            }
            int result = (int) call("mprotect", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT)
                    .invokeExact(MemorySegment.ofAddress(at.address() + PAGE), bytes, READ_WRITE);
            if (result != 0) {
                throw new AssertionError("mprotect = " + result);
            }
            all = at.reinterpret(size);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static MethodHandle call(String name, MemoryLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments));
    }

    /** The memory's last bytes, or its first. */
    public MemorySegment of(long wanted) {
        return all.asSlice(atEnd ? PAGE + bytes - wanted : PAGE, wanted);
    }

    @Override
    public void close() {
        try {
            int result = (int) call("munmap", JAVA_INT, ADDRESS, JAVA_LONG).invokeExact(all, all.byteSize());
            if (result != 0) {
                throw new AssertionError("munmap = " + result);
            }
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Memory with pages before and behind it of which every touch ends the process. */
@SuppressWarnings("restricted") // nothing else has pages that nobody may touch
final class GuardedMemory {
    private static final long PAGE = 4096;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;

    private final MemorySegment memory;

    /** Maps memory that is given back with the arena. */
    GuardedMemory(Arena arena, long bytes) {
        long size = Math.ceilDiv(bytes, PAGE) * PAGE;
        try {
            MethodHandle munmap = function("munmap", JAVA_INT, ADDRESS, JAVA_LONG);
            MemorySegment all = ((MemorySegment) function("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT,
                    JAVA_INT, JAVA_LONG)
                    .invokeExact(MemorySegment.NULL, size + 2 * PAGE, 0, MAP_PRIVATE_ANONYMOUS, -1, 0L))
                    .reinterpret(size + 2 * PAGE, arena, segment -> free(munmap, segment));
            memory = all.asSlice(PAGE, size);
            int result = (int) function("mprotect", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT)
                    .invokeExact(memory, size, PROT_READ_WRITE);
            if (result != 0) {
                throw new IllegalStateException("mprotect = " + result);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments));
    }

    private static void free(MethodHandle munmap, MemorySegment segment) {
        try {
            int result = (int) munmap.invokeExact(segment, segment.byteSize());
            if (result != 0) {
                throw new IllegalStateException("munmap = " + result);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** The last bytes before the page behind, or the first behind the page before. */
    MemorySegment take(long bytes, boolean atEnd) {
        return atEnd ? memory.asSlice(memory.byteSize() - bytes) : memory.asSlice(0, bytes);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Pages by mmap and mprotect: Linux and macOS. */
final class PosixPages implements Pages {
    private static final int PROT_READ_WRITE = 3;
    private static final int PROT_READ_EXECUTE = 5;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS_LINUX = 0x20;
    private static final int MAP_ANONYMOUS_MAC = 0x1000;
    private static final long FAILED = -1;

    private final MemorySegment mapFlags;
    private final MemorySegment mmap;
    private final MemorySegment mprotect;
    private final MemorySegment munmap;
    private final MemorySegment clearCache;
    private final boolean clearTakesLength;

    PosixPages(boolean isMac, boolean isArm) throws RefusedException {
        mapFlags = word(MAP_PRIVATE | (isMac ? MAP_ANONYMOUS_MAC : MAP_ANONYMOUS_LINUX));
        mmap = Pages.symbol(Pages.libc(), "mmap");
        mprotect = Pages.symbol(Pages.libc(), "mprotect");
        munmap = Pages.symbol(Pages.libc(), "munmap");
        clearTakesLength = isMac;
        if (!isArm) {
            clearCache = null;
        } else if (isMac) {
            clearCache = Pages.symbol(Pages.libc(), "sys_icache_invalidate");
        } else {
            clearCache = clearCacheFunction();
        }
    }

    private static MemorySegment word(long value) {
        return MemorySegment.ofAddress(value);
    }

    /** Part of the compiler's runtime, not of the C library; small systems do without it. */
    private MemorySegment clearCacheFunction() throws RefusedException {
        try {
            return Pages.symbol(Pages.library("libgcc_s.so.1"), "__clear_cache");
        } catch (RefusedException e) {
            return clearCacheCode();
        }
    }

    /** The same in code of our own, which is never freed. */
    MemorySegment clearCacheCode() throws RefusedException {
        byte[] code = CacheCode.assemble();
        MemorySegment pages = reserve(code.length).reinterpret(code.length);
        MemorySegment.copy(code, 0, pages, JAVA_BYTE, 0, code.length);
        protect(pages);
        return pages;
    }

    @Override
    public MemorySegment reserve(long bytes) throws RefusedException {
        MemorySegment anywhere = MemorySegment.NULL;
        long pages = WordCall.call(mmap, anywhere, word(bytes), word(PROT_READ_WRITE), mapFlags, word(-1));
        return word(pages == FAILED
            ? repeat("mmap of " + bytes + " bytes", mmap, anywhere, bytes, PROT_READ_WRITE, mapFlags, -1) : pages);
    }

    @Override
    public void seal(MemorySegment pages) throws RefusedException {
        protect(pages);
        if (clearCache != null) {
            MemorySegment end = clearTakesLength ? word(pages.byteSize()) : pages.asSlice(pages.byteSize());
            var _ = WordCall.call(clearCache, pages, end, MemorySegment.NULL, MemorySegment.NULL, MemorySegment.NULL);
        }
    }

    private void protect(MemorySegment pages) throws RefusedException {
        // of an int that is returned, the upper half of the register may be anything
        int result = (int) WordCall.call(mprotect, pages, word(pages.byteSize()), word(PROT_READ_EXECUTE),
            MemorySegment.NULL, MemorySegment.NULL);
        if (result != 0) {
            repeat("mprotect to read and execute", mprotect, pages, pages.byteSize(), PROT_READ_EXECUTE,
                MemorySegment.NULL, 0);
        }
    }

    @Override
    public void free(MemorySegment pages) {
        // fails only for an address that is no page's
        var _ = WordCall.call(munmap, pages, word(pages.byteSize()), MemorySegment.NULL, MemorySegment.NULL,
            MemorySegment.NULL);
    }

    /** A call that has failed, once more and with errno, which takes a start another signature: for the reason. */
    private static long repeat(String what, MemorySegment function, MemorySegment first, long second, long third,
                               MemorySegment fourth, long fifth) throws RefusedException {
        MethodHandle call = Linker.nativeLinker().downcallHandle(function, FunctionDescriptor.of(JAVA_LONG, ADDRESS,
            JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG), Linker.Option.captureCallState("errno"));
        MemoryLayout layout = Linker.Option.captureStateLayout();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(layout);
            long result = (long) call.invokeExact(state, first, second, third, fourth, fifth, 0L);
            if ((int) result == FAILED) {
                throw new RefusedException(what + ": " + reason(state.get(JAVA_INT,
                    layout.byteOffset(MemoryLayout.PathElement.groupElement("errno")))));
            }
            return result;
        } catch (RefusedException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static String reason(int errno) throws Throwable {
        MethodHandle strerror = Linker.nativeLinker().downcallHandle(Pages.symbol(Pages.libc(), "strerror"),
            FunctionDescriptor.of(ADDRESS, JAVA_INT));
        MemorySegment text = (MemorySegment) strerror.invokeExact(errno);
        return text.reinterpret(Long.MAX_VALUE).getString(0) + " (errno " + errno + ")";
    }
}

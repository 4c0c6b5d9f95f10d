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
    private static final long PROT_READ_WRITE = 3;
    private static final long PROT_READ_EXECUTE = 5;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS_LINUX = 0x20;
    private static final int MAP_ANONYMOUS_MAC = 0x1000;
    private static final long MAP_FAILED = -1;
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    /** The first call of a signature costs a JVM more than ten milliseconds: so there is one, wide enough for all. */
    private static final FunctionDescriptor SIX_WORDS = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG,
        JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private final long mapFlags;
    private final MethodHandle mmap;
    private final MethodHandle mprotect;
    private final MethodHandle munmap;
    private final MethodHandle clearCache;
    private final boolean clearTakesLength;

    PosixPages(boolean isMac, boolean isArm) throws RefusedException {
        Linker linker = Linker.nativeLinker();
        Linker.Option errno = Linker.Option.captureCallState("errno");
        mapFlags = MAP_PRIVATE | (isMac ? MAP_ANONYMOUS_MAC : MAP_ANONYMOUS_LINUX);
        mmap = linker.downcallHandle(Pages.symbol(Pages.libc(), "mmap"), SIX_WORDS, errno);
        mprotect = linker.downcallHandle(Pages.symbol(Pages.libc(), "mprotect"), SIX_WORDS, errno);
        munmap = linker.downcallHandle(Pages.symbol(Pages.libc(), "munmap"), SIX_WORDS, errno);
        clearTakesLength = isMac;
        if (!isArm) {
            clearCache = null;
        } else if (isMac) {
            clearCache = linker.downcallHandle(Pages.symbol(Pages.libc(), "sys_icache_invalidate"),
                FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG));
        } else {
            clearCache = linker.downcallHandle(clearCacheFunction(), FunctionDescriptor.ofVoid(ADDRESS, ADDRESS));
        }
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
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long pages = (long) mmap.invokeExact(state, 0L, bytes, PROT_READ_WRITE, mapFlags, -1L, 0L);
            if (pages == MAP_FAILED) {
                throw new RefusedException("mmap of " + bytes + " bytes: " + reason(state));
            }
            return MemorySegment.ofAddress(pages);
        } catch (RefusedException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void seal(MemorySegment pages) throws RefusedException {
        protect(pages);
        if (clearCache != null) {
            clearCache(pages);
        }
    }

    private void protect(MemorySegment pages) throws RefusedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            // of an int that is returned, the upper half of the register may be anything
            if ((int) (long) mprotect.invokeExact(state, pages.address(), pages.byteSize(), PROT_READ_EXECUTE, 0L, 0L,
                0L) != 0) {
                throw new RefusedException("mprotect to read and execute: " + reason(state));
            }
        } catch (RefusedException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private void clearCache(MemorySegment pages) {
        try {
            if (clearTakesLength) {
                clearCache.invokeExact(pages, pages.byteSize());
            } else {
                clearCache.invokeExact(pages, pages.asSlice(pages.byteSize()));
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void free(MemorySegment pages) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            // fails only for an address that is no page's
            var _ = (long) munmap.invokeExact(state, pages.address(), pages.byteSize(), 0L, 0L, 0L, 0L);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static String reason(MemorySegment state) throws Throwable {
        int errno = state.get(JAVA_INT, ERRNO);
        MethodHandle strerror = Linker.nativeLinker().downcallHandle(Pages.symbol(Pages.libc(), "strerror"),
            FunctionDescriptor.of(ADDRESS, JAVA_INT));
        MemorySegment text = (MemorySegment) strerror.invokeExact(errno);
        return text.reinterpret(Long.MAX_VALUE).getString(0) + " (errno " + errno + ")";
    }
}

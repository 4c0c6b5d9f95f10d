// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** Pages by VirtualAlloc and VirtualProtect. */
final class WindowsPages implements Pages {
    private static final int MEM_COMMIT_RESERVE = 0x3000;
    private static final int MEM_RELEASE = 0x8000;
    private static final int PAGE_READWRITE = 4;
    private static final int PAGE_EXECUTE_READ = 0x20;
    // the pseudo handle that GetCurrentProcess returns
    private static final MemorySegment CURRENT_PROCESS = MemorySegment.ofAddress(-1);

    private final MemoryLayout stateLayout = Linker.Option.captureStateLayout();
    private final long lastError = stateLayout.byteOffset(MemoryLayout.PathElement.groupElement("GetLastError"));
    private final MethodHandle alloc;
    private final MethodHandle protect;
    private final MethodHandle release;
    private final MethodHandle flush;

    WindowsPages() throws RefusedException {
        Linker linker = Linker.nativeLinker();
        SymbolLookup kernel = Pages.library("kernel32");
        Linker.Option error = Linker.Option.captureCallState("GetLastError");
        alloc = linker.downcallHandle(Pages.symbol(kernel, "VirtualAlloc"),
            FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT), error);
        protect = linker.downcallHandle(Pages.symbol(kernel, "VirtualProtect"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS), error);
        release = linker.downcallHandle(Pages.symbol(kernel, "VirtualFree"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
        flush = linker.downcallHandle(Pages.symbol(kernel, "FlushInstructionCache"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG), error);
    }

    @Override
    public MemorySegment reserve(long bytes) throws RefusedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(stateLayout);
            MemorySegment pages = (MemorySegment) alloc.invokeExact(state, MemorySegment.NULL, bytes,
                MEM_COMMIT_RESERVE, PAGE_READWRITE);
            if (pages.address() == 0) {
                throw new RefusedException("VirtualAlloc of " + bytes + " bytes: error " + error(state));
            }
            return pages;
        } catch (RefusedException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void seal(MemorySegment pages) throws RefusedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(stateLayout);
            MemorySegment before = arena.allocate(JAVA_INT);
            if ((int) protect.invokeExact(state, pages, pages.byteSize(), PAGE_EXECUTE_READ, before) == 0) {
                throw new RefusedException("VirtualProtect to execute and read: error " + error(state));
            }
            if ((int) flush.invokeExact(state, CURRENT_PROCESS, pages, pages.byteSize()) == 0) {
                throw new RefusedException("FlushInstructionCache: error " + error(state));
            }
        } catch (RefusedException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void free(MemorySegment pages) {
        try {
            // fails only for an address that was not allocated
            var _ = (int) release.invokeExact(pages, 0L, MEM_RELEASE);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private int error(MemorySegment state) {
        return state.get(JAVA_INT, lastError);
    }
}

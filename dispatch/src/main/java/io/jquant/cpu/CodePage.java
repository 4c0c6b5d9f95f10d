// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** A page of machine code: writable first, then executable, never both. */
final class CodePage implements AutoCloseable {
    private static final int SIZE = 4096;

    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS_LINUX = 0x20;
    private static final int MAP_ANONYMOUS_MACOS = 0x1000;

    private static final int MEM_COMMIT_RESERVE = 0x3000;
    private static final int MEM_RELEASE = 0x8000;
    private static final int PAGE_READWRITE = 0x04;
    private static final int PAGE_EXECUTE_READ = 0x20;

    private final NativeLibrary library;
    private final Pointer page;
    private final boolean windows;

    /**
     * Maps a page and writes code to its start.
     *
     * @param system the operating system that runs this process
     * @param code the code
     * @throws IllegalStateException if the system refuses
     */
    CodePage(OperatingSystem system, byte[] code) {
        windows = system == OperatingSystem.WINDOWS;
        library = windows ? NativeLibrary.getInstance("kernel32") : NativeLibrary.getProcess();
        page = windows ? allocate() : map(system);
        boolean done = false;
        try {
            page.write(0, code, 0, code.length);
            makeExecutable();
            done = true;
        } finally {
            if (!done) {
                release();
            }
        }
    }

    /**
     * A function in the page.
     *
     * @param offset where its code starts
     * @return the function, callable until this is closed
     */
    Function function(int offset) {
        return Function.getFunction(page.share(offset));
    }

    @Override
    public void close() {
        release();
    }

    private Pointer map(OperatingSystem system) {
        int flags = MAP_PRIVATE | (system == OperatingSystem.MACOS ? MAP_ANONYMOUS_MACOS : MAP_ANONYMOUS_LINUX);
        Pointer mapped = library.getFunction("mmap")
                .invokePointer(new Object[] {Pointer.NULL, (long) SIZE, PROT_READ | PROT_WRITE, flags, -1, 0L});
        if (Pointer.nativeValue(mapped) == -1) {
            throw new IllegalStateException("mmap: errno " + Native.getLastError());
        }
        return mapped;
    }

    private Pointer allocate() {
        Pointer allocated = library.getFunction("VirtualAlloc")
                .invokePointer(new Object[] {Pointer.NULL, (long) SIZE, MEM_COMMIT_RESERVE, PAGE_READWRITE});
        if (allocated == null) {
            throw new IllegalStateException("VirtualAlloc: error " + Native.getLastError());
        }
        return allocated;
    }

    private void makeExecutable() {
        if (windows) {
            try (Memory old = new Memory(Integer.BYTES)) {
                int done = library.getFunction("VirtualProtect")
                        .invokeInt(new Object[] {page, (long) SIZE, PAGE_EXECUTE_READ, old});
                if (done == 0) {
                    throw new IllegalStateException("VirtualProtect: error " + Native.getLastError());
                }
            }
        } else if (library.getFunction("mprotect")
                .invokeInt(new Object[] {page, (long) SIZE, PROT_READ | PROT_EXEC}) != 0) {
            throw new IllegalStateException("mprotect to executable: errno " + Native.getLastError());
        }
    }

    private void release() {
        if (windows) {
            library.getFunction("VirtualFree").invokeInt(new Object[] {page, 0L, MEM_RELEASE});
        } else {
            library.getFunction("munmap").invokeInt(new Object[] {page, (long) SIZE});
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Locale;
import java.util.Optional;

/** What the operating system must do for executable memory. */
interface Pages {
    /** New pages that can be read and written. */
    MemorySegment reserve(long bytes) throws RefusedException;

    /** Takes the right to write and gives the right to execute, and makes the CPU see what was written. */
    void seal(MemorySegment pages) throws RefusedException;

    /** Gives the pages back. */
    void free(MemorySegment pages);

    /** The pages of the system that this JVM runs on. */
    static Pages system() throws RefusedException {
        WordCall.require();
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        if (os.startsWith("windows")) {
            return new WindowsPages();
        }
        if (os.startsWith("linux") || os.startsWith("mac")) {
            return new PosixPages(os.startsWith("mac"), arch.equals("aarch64"));
        }
        throw new RefusedException("executable memory is not implemented for " + os);
    }

    /** A function of the C library. */
    static MemorySegment symbol(SymbolLookup lookup, String name) throws RefusedException {
        Optional<MemorySegment> found = lookup.find(name);
        if (found.isEmpty()) {
            throw new RefusedException("this system has no function " + name);
        }
        return found.get();
    }

    /** The symbols of a system library. */
    static SymbolLookup library(String name) throws RefusedException {
        try {
            return SymbolLookup.libraryLookup(name, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new RefusedException("this system has no library " + name);
        }
    }

    /** The symbols of the C library. */
    static SymbolLookup libc() {
        return Linker.nativeLinker().defaultLookup();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheCodeTest {
    @Test
    void isWhatArmsManualSays() throws IOException, InterruptedException {
        GnuAssembler.ARM64.compare(Map.of("""
            mov x2, x0
            1: dc cvau, x2
            add x2, x2, #16
            cmp x2, x1
            b.lo 1b
            dsb ish
            mov x2, x0
            2: ic ivau, x2
            add x2, x2, #16
            cmp x2, x1
            b.lo 2b
            dsb ish
            isb
            ret""", CacheCode.assemble()), 64);
    }

    @Test
    @SuppressWarnings("restricted") // nothing else runs the function
    void clearsOnAnArmCpu() throws Throwable {
        assumeTrue(System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("aarch64"),
            "needs an AArch64 CPU");
        PosixPages pages = new PosixPages(false, true);
        MethodHandle clear = Linker.nativeLinker().downcallHandle(pages.clearCacheCode(),
            FunctionDescriptor.ofVoid(ADDRESS, ADDRESS));
        MemorySegment code = pages.reserve(4096).reinterpret(4096);
        code.set(JAVA_BYTE, 0, (byte) 1);
        clear.invokeExact(code, code.asSlice(4096));
        assertEquals(1, code.get(JAVA_BYTE, 0));
        pages.free(code);
    }
}

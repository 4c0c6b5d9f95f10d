// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import com.sun.jna.Memory;
import java.util.HexFormat;

/** Executes cpuid and xgetbv, which Java has no way to say, from a page of machine code. */
final class NativeCpuid implements CpuidSource, AutoCloseable {
    private static final int XGETBV_OFFSET = 64;

    private final CodePage page;
    private final Convention convention;

    /**
     * Maps the code.
     *
     * @param system the operating system that runs this process
     * @param convention how the code expects its arguments
     * @throws IllegalStateException if the system refuses executable memory
     */
    NativeCpuid(OperatingSystem system, Convention convention) {
        this.convention = convention;
        byte[] code = new byte[XGETBV_OFFSET + Convention.XGETBV.length() / 2];
        byte[] cpuid = HexFormat.of().parseHex(convention.prologue + Convention.CPUID);
        byte[] xgetbv = HexFormat.of().parseHex(Convention.XGETBV);
        System.arraycopy(cpuid, 0, code, 0, cpuid.length);
        System.arraycopy(xgetbv, 0, code, XGETBV_OFFSET, xgetbv.length);
        page = new CodePage(system, code);
    }

    @Override
    public Registers cpuid(int leaf, int subleaf) {
        try (Memory out = new Memory(4L * Integer.BYTES)) {
            page.function(0).invokeVoid(convention.arguments(leaf, subleaf, out));
            return new Registers(out.getInt(0), out.getInt(4), out.getInt(8), out.getInt(12));
        }
    }

    @Override
    public long xcr0() {
        return page.function(XGETBV_OFFSET).invokeLong(new Object[0]);
    }

    @Override
    public void close() {
        page.close();
    }

    /** Calling conventions of x86-64; each gets leaf and subleaf into eax and ecx, the result's address into r8. */
    enum Convention {
        /** Linux and macOS: mov eax, edi; mov ecx, esi; mov r8, rdx. */
        SYSTEM_V("89f8 89f1 4989d0"),
        /** Windows: mov eax, ecx; mov ecx, edx; the third argument is in r8 already. */
        WINDOWS("89c8 89d1");

        /** mov r9, rbx; cpuid; mov [r8], eax; mov [r8+4], ebx; mov [r8+8], ecx; mov [r8+12], edx; mov rbx, r9; ret. */
        static final String CPUID = "4989d90fa241890041895804418948084189500c4c89cbc3";
        /** xor ecx, ecx; xgetbv; shl rdx, 32; or rax, rdx; ret. */
        static final String XGETBV = "31c90f01d048c1e2204809d0c3";

        private final String prologue;

        Convention(String prologue) {
            this.prologue = prologue.replace(" ", "");
        }

        static Convention of(OperatingSystem system) {
            return system == OperatingSystem.WINDOWS ? WINDOWS : SYSTEM_V;
        }

        private Object[] arguments(int leaf, int subleaf, Memory out) {
            // under System V the Windows code finds its registers rdx, rcx, r8 as arguments 3 to 5: so tests run it
            return this == WINDOWS && OperatingSystem.current() != OperatingSystem.WINDOWS
                    ? new Object[] {0, 0, subleaf, leaf, out}
                    : new Object[] {leaf, subleaf, out};
        }
    }
}

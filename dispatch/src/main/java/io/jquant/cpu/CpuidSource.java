// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

/** Raw answers of the x86 instructions cpuid and xgetbv. */
interface CpuidSource {
    /**
     * Executes cpuid.
     *
     * @param leaf the leaf, in eax
     * @param subleaf the subleaf, in ecx
     * @return the four registers
     */
    Registers cpuid(int leaf, int subleaf);

    /**
     * Executes xgetbv for XCR0: the register states that the operating system saves. Faults unless cpuid reports
     * OSXSAVE.
     *
     * @return the 64 bits of XCR0
     */
    long xcr0();

    /** What cpuid leaves behind. */
    record Registers(int eax, int ebx, int ecx, int edx) {
    }
}

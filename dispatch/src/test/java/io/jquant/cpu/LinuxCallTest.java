// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Harmless calls, on the way that AMX's permission is asked for. */
class LinuxCallTest {
    private static final long SYS_GETPID = 39;
    private static final long SYS_CLOSE = 3;
    private static final long SYS_ARCH_PRCTL = 158;
    private static final long NO_REQUEST = 0x7777;
    private static final int EBADF = 9;
    private static final int EINVAL = 22;
    private static final int ENOSYS = 38;

    @BeforeEach
    void needsLinuxOnX86() {
        assumeTrue(OperatingSystem.current() == OperatingSystem.LINUX
                && Architecture.current() == Architecture.X86_64, "the calls' numbers are Linux's on x86-64");
        assumeTrue(LinuxCall.isAllowed(), "native access is not enabled");
    }

    @Test
    void tellsSuccess() {
        assertEquals(0, LinuxCall.errno(SYS_GETPID, 0, 0));
    }

    @Test
    void tellsTheReasonOfAFailure() {
        assertEquals(EBADF, LinuxCall.errno(SYS_CLOSE, -1, 0));
        assertEquals(EINVAL, LinuxCall.errno(SYS_ARCH_PRCTL, NO_REQUEST, 18));
        assertEquals(ENOSYS, LinuxCall.errno(100_000, 0, 0));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The operating system's permission to use AMX tiles, without which the first tile instruction kills the process.
 *
 * <p>Linux gives it per process and for all of its threads, and enlarges every signal frame from then on: so it is
 * asked for only when somebody wants AMX, once, and the answer is kept.
 */
public final class AmxPermission {
    private static final long SYS_ARCH_PRCTL = 158;
    private static final long ARCH_REQ_XCOMP_PERM = 0x1023;
    private static final long XFEATURE_XTILEDATA = 18;

    private AmxPermission() {
    }

    /** {@return whether this process may use AMX tiles; the first call asks} */
    public static boolean granted() {
        return whyNot().isEmpty();
    }

    /** {@return why this process may not use AMX tiles, empty if it may; the first call asks} */
    public static String whyNot() {
        return Answer.REFUSAL;
    }

    /**
     * What an error number of the request means.
     *
     * @param errno the error number
     * @return the reason
     */
    static String reason(int errno) {
        String meaning = switch (errno) {
            case 1 -> "EPERM, a sandbox forbids it";
            case 22 -> "EINVAL, Linux 5.16 or later knows the request";
            case 28 -> "ENOSPC, a thread's alternate signal stack is too small";
            case 38 -> "ENOSYS, a sandbox hides the call";
            case 95 -> "EOPNOTSUPP, the CPU has no tiles or the kernel does not enable them";
            default -> "errno " + errno;
        };
        return "amx: arch_prctl(ARCH_REQ_XCOMP_PERM, 18) was refused: " + meaning;
    }

    private static String request() {
        if (OperatingSystem.current() != OperatingSystem.LINUX || Architecture.current() != Architecture.X86_64) {
            return "amx: permission can be asked for on Linux for x86_64 only";
        }
        try {
            int errno = LinuxCall.isAllowed() ? LinuxCall.errno(SYS_ARCH_PRCTL, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA)
                    : errnoByJna();
            return errno == 0 ? "" : reason(errno);
        } catch (LinkageError | RuntimeException e) {
            return "amx: arch_prctl could not be called: " + CpuSource.describe(e);
        }
    }

    private static int errnoByJna() {
        long result = NativeLibrary.getProcess().getFunction("syscall")
                .invokeLong(new Object[] {SYS_ARCH_PRCTL, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA});
        return result == 0 ? 0 : Native.getLastError();
    }

    private static final class Answer {
        static final String REFUSAL = request();
    }
}

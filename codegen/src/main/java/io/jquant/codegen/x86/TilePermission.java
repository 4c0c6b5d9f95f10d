// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;

/** The right to use the tiles of AMX, which Linux gives to a process that asks. */
public final class TilePermission {
    private static final long SYS_ARCH_PRCTL = 158;
    private static final long ARCH_REQ_XCOMP_PERM = 0x1023;
    private static final long XFEATURE_XTILEDATA = 18;

    private TilePermission() {
    }

    /**
     * Asks for the permission, for all threads of this process; on a CPU with amx_tile only. The system is asked once.
     *
     * @return empty if it is given, else why not
     */
    public static Optional<String> refusal() {
        return Answer.REFUSAL;
    }

    private static final class Answer {
        static final Optional<String> REFUSAL = ask();

        private static Optional<String> ask() {
            if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux")) {
                return Optional.of("asking for AMX tiles is implemented for Linux only");
            }
            try {
                Linker linker = Linker.nativeLinker();
                MethodHandle syscall = linker.downcallHandle(linker.defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                    Linker.Option.firstVariadicArg(1));
                long result = (long) syscall.invokeExact(SYS_ARCH_PRCTL, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA);
                return result == 0 ? Optional.empty()
                    : Optional.of("arch_prctl(ARCH_REQ_XCOMP_PERM) for AMX tiles was refused by the kernel");
            } catch (IllegalCallerException e) {
                return Optional.of("native access is denied");
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

import static io.jquant.codegen.x86.Gpr.R12;
import static io.jquant.codegen.x86.Gpr.R13;
import static io.jquant.codegen.x86.Gpr.R14;
import static io.jquant.codegen.x86.Gpr.R15;
import static io.jquant.codegen.x86.Gpr.R8;
import static io.jquant.codegen.x86.Gpr.R9;
import static io.jquant.codegen.x86.Gpr.RBP;
import static io.jquant.codegen.x86.Gpr.RBX;
import static io.jquant.codegen.x86.Gpr.RCX;
import static io.jquant.codegen.x86.Gpr.RDI;
import static io.jquant.codegen.x86.Gpr.RDX;
import static io.jquant.codegen.x86.Gpr.RSI;
import static io.jquant.codegen.x86.Vec.xmm;

import java.util.List;
import java.util.Locale;

/** Which registers hold the arguments and which a function must give back as it found them. */
// its lists are unmodifiable
@SuppressWarnings("ImmutableEnumChecker")
public enum CallingConvention {
    /** Linux and macOS. */
    SYSTEM_V(List.of(RDI, RSI, RDX, RCX, R8, R9), List.of(RBX, RBP, R12, R13, R14, R15), List.of(), 0),
    /** Windows. */
    WINDOWS(List.of(RCX, RDX, R8, R9), List.of(RBX, RBP, RSI, RDI, R12, R13, R14, R15),
        List.of(xmm(6), xmm(7), xmm(8), xmm(9), xmm(10), xmm(11), xmm(12), xmm(13), xmm(14), xmm(15)), 32);

    private static final int RETURN_ADDRESS = 8;

    private final List<Gpr> arguments;
    private final List<Gpr> savedGprs;
    private final List<Vec> savedVectors;
    private final int homeBytes;

    CallingConvention(List<Gpr> arguments, List<Gpr> savedGprs, List<Vec> savedVectors, int homeBytes) {
        this.arguments = arguments;
        this.savedGprs = savedGprs;
        this.savedVectors = savedVectors;
        this.homeBytes = homeBytes;
    }

    /** {@return the convention of the system that this JVM runs on} */
    public static CallingConvention current() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows") ? WINDOWS : SYSTEM_V;
    }

    /** {@return the registers of the first arguments, integers and pointers alike; the result comes in rax} */
    public List<Gpr> arguments() {
        return arguments;
    }

    /** {@return the general registers that a function must give back unchanged, besides rsp} */
    public List<Gpr> savedGprs() {
        return savedGprs;
    }

    /** {@return the vector registers of which a function must give back the low 128 bits unchanged} */
    public List<Vec> savedVectors() {
        return savedVectors;
    }

    /**
     * Where an argument that has no register lies when the function is entered.
     *
     * @param argument its number, from {@code arguments().size()} on
     * @return bytes from rsp
     */
    public int stackOffset(int argument) {
        if (argument < arguments.size()) {
            throw new IllegalArgumentException("argument = " + argument + ": must be " + arguments.size()
                + " or more, those below are in registers");
        }
        return RETURN_ADDRESS + homeBytes + 8 * (argument - arguments.size());
    }
}

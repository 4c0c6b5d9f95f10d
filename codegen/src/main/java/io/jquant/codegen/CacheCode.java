// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen;

import static io.jquant.codegen.arm64.GeneralOp.ADD;
import static io.jquant.codegen.arm64.GeneralOp.B_LO;
import static io.jquant.codegen.arm64.GeneralOp.CMP;
import static io.jquant.codegen.arm64.GeneralOp.DC;
import static io.jquant.codegen.arm64.GeneralOp.DSB;
import static io.jquant.codegen.arm64.GeneralOp.IC;
import static io.jquant.codegen.arm64.GeneralOp.ISB;
import static io.jquant.codegen.arm64.GeneralOp.MOV;
import static io.jquant.codegen.arm64.GeneralOp.RET;
import static io.jquant.codegen.arm64.Imm.imm;
import static io.jquant.codegen.arm64.Reg.x;

import io.jquant.codegen.arm64.Arm64Assembler;
import io.jquant.codegen.arm64.Instruction;
import io.jquant.codegen.arm64.Label;
import io.jquant.codegen.arm64.Reg;
import io.jquant.codegen.arm64.SystemName;

/**
 * A function of ours that does what {@code __clear_cache} does, for systems without the compiler's runtime library: all
 * cores see what was written between two addresses, the first a multiple of {@link #LINE}, when they next fetch it.
 *
 * <p>It must be code itself before it can make code visible. It can be: pages that become executable for the first time
 * are cleaned by Linux, which does so because file mappings need it.
 */
final class CacheCode {
    /** No cache has shorter lines; to clean one twice does no harm. */
    static final int LINE = 16;

    private CacheCode() {
    }

    /** The code of the function. */
    static byte[] assemble() {
        Arm64Assembler a = new Arm64Assembler();
        each(a, DC, SystemName.CVAU);
        a.emit(DSB, SystemName.ISH);
        each(a, IC, SystemName.IVAU);
        a.emit(DSB, SystemName.ISH);
        a.emit(ISB);
        a.emit(RET);
        return a.assemble();
    }

    private static void each(Arm64Assembler a, Instruction maintain, SystemName kind) {
        Reg at = x(2);
        a.emit(MOV, at, x(0));
        Label next = a.here();
        a.emit(maintain, kind, at);
        a.emit(ADD, at, at, imm(LINE));
        a.emit(CMP, at, x(1));
        a.emit(B_LO, next);
    }
}

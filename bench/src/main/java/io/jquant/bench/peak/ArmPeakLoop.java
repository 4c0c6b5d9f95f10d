// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.peak;

import static io.jquant.codegen.arm64.FloatOp.FMLA;
import static io.jquant.codegen.arm64.GeneralOp.SUBS;
import static io.jquant.codegen.arm64.Imm.imm;
import static io.jquant.codegen.arm64.IntegerOp.SADALP;
import static io.jquant.codegen.arm64.IntegerOp.SDOT;
import static io.jquant.codegen.arm64.IntegerOp.SMLSL2;
import static io.jquant.codegen.arm64.IntegerOp.SMULL;
import static io.jquant.codegen.arm64.IntegerOp.USMMLA;
import static io.jquant.codegen.arm64.ShuffleOp.MOVI;
import static io.jquant.codegen.arm64.Vec.b16;
import static io.jquant.codegen.arm64.Vec.b8;
import static io.jquant.codegen.arm64.Vec.h8;
import static io.jquant.codegen.arm64.Vec.s4;

import io.jquant.codegen.arm64.Arm64Assembler;
import io.jquant.codegen.arm64.Frame;
import io.jquant.codegen.arm64.GeneralOp;
import io.jquant.codegen.arm64.Instruction;
import io.jquant.codegen.arm64.Label;
import io.jquant.codegen.arm64.Reg;
import io.jquant.codegen.arm64.Vec;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** As {@link PeakLoop}, of Arm's instructions on 128 bits. */
final class ArmPeakLoop {
    /** Accumulators of a loop: the rest are operands and temporaries. */
    static final int ACCUMULATORS = 24;

    private ArmPeakLoop() {
    }

    /** Float multiply-adds: {@link #ACCUMULATORS} a step, of four lanes. */
    static byte[] fma() {
        return loop((a, i) -> a.emit(FMLA, s4(i), s4(ACCUMULATORS), s4(ACCUMULATORS + 1)));
    }

    /** Dot products of four bytes: {@link #ACCUMULATORS} a step, of four lanes. */
    static byte[] dotProduct() {
        return bytes(SDOT);
    }

    /** Products of matrices of 2 x 8 and 8 x 2 bytes: {@link #ACCUMULATORS} a step. */
    static byte[] matrices() {
        return bytes(USMMLA);
    }

    /** Products of bytes, added in pairs twice: what plain NEON has for exact int8; 16 products an accumulator. */
    static byte[] words() {
        return loop((a, i) -> {
            int product = ACCUMULATORS + 2 + i % 2;
            a.emit(SMULL, h8(product), b8(ACCUMULATORS), b8(ACCUMULATORS + 1));
            a.emit(SMLSL2, h8(product), b16(ACCUMULATORS), b16(ACCUMULATORS + 1));
            a.emit(SADALP, s4(i), h8(product));
        });
    }

    private static byte[] bytes(Instruction instruction) {
        return loop((a, i) -> a.emit(instruction, s4(i), b16(ACCUMULATORS), b16(ACCUMULATORS + 1)));
    }

    private static byte[] loop(BiConsumer<Arm64Assembler, Integer> accumulate) {
        Arm64Assembler a = new Arm64Assembler();
        List<Vec> used = IntStream.range(0, ACCUMULATORS + 4).mapToObj(Vec::b16).toList();
        Reg count = Reg.x(0);
        Frame frame = new Frame(List.of(count), used);
        frame.enter(a);
        used.forEach(vector -> a.emit(MOVI, vector, imm(0)));
        a.align(32);
        Label again = a.here();
        for (int i = 0; i < ACCUMULATORS; i++) {
            accumulate.accept(a, i);
        }
        a.emit(SUBS, count, count, imm(1));
        a.emit(GeneralOp.B_NE, again);
        frame.leave(a);
        return a.assemble();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.GeneralOp.ADD;
import static io.jquant.codegen.x86.GeneralOp.DEC;
import static io.jquant.codegen.x86.GeneralOp.JNZ;
import static io.jquant.codegen.x86.GeneralOp.MOV;
import static io.jquant.codegen.x86.GeneralOp.SUB;
import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.Mem.at;

import io.jquant.codegen.x86.CallingConvention;
import io.jquant.codegen.x86.Frame;
import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Label;
import io.jquant.codegen.x86.Mem;
import io.jquant.codegen.x86.Vec;
import io.jquant.codegen.x86.X86Assembler;
import io.jquant.kernels.common.CodeStage;
import java.util.ArrayList;
import java.util.List;

/**
 * The frame of every kernel: over the panels, and within a panel, whose weights stay in the cache, over the rows. What
 * is done with a tile is the subclass's affair.
 */
abstract class GemmCode {
    static final Gpr ARGUMENTS = Gpr.RBP;
    static final Gpr ROW = Gpr.R11;
    static final Gpr STRIDE = Gpr.R8;
    static final Gpr OUTPUT = Gpr.R12;
    static final Gpr OUTPUT_STRIDE = Gpr.R13;
    static final Gpr ADDEND = Gpr.R14;
    static final Gpr ROW_SUMS = Gpr.RDI;

    private static final List<Gpr> GPRS = new ArrayList<>();
    private static final List<Vec> VECTORS = new ArrayList<>();

    static {
        for (int n = 0; n < 16; n++) {
            if (n != Gpr.RSP.number()) {
                GPRS.add(new Gpr(n, 64));
            }
            VECTORS.add(Vec.xmm(n));
        }
    }

    final X86Assembler a = new X86Assembler();
    final CodeStage stage;
    final int columns;

    GemmCode(CodeStage stage, int columns) {
        this.stage = stage;
        this.columns = columns;
    }

    /** Appends the setting up of what holds for all tiles. */
    abstract void prepare();

    /** Appends the rows of a panel. */
    abstract void panel();

    /** Appends what follows the last panel. */
    abstract void finish();

    /** Appends constants behind the code. */
    abstract void constants();

    /** A number among the arguments. */
    static Mem argument(int offset) {
        return at(ARGUMENTS, offset).bytes(8);
    }

    /** The code. */
    final byte[] assemble() {
        Frame frame = new Frame(CallingConvention.current(), GPRS, VECTORS, 0);
        frame.enter(a);
        a.emit(MOV, ARGUMENTS, frame.argument(4));
        // offsets become addresses
        a.emit(ADD, argument(KernelArguments.A), frame.argument(1));
        a.emit(ADD, argument(KernelArguments.OUTPUT), frame.argument(2));
        a.emit(ADD, argument(KernelArguments.ADDEND), frame.argument(3));
        a.emit(MOV, STRIDE, argument(KernelArguments.A_STRIDE));
        a.emit(MOV, OUTPUT_STRIDE, argument(KernelArguments.OUTPUT_STRIDE));
        prepare();
        Label panel = a.here();
        panel();
        nextPanel();
        a.emit(DEC, argument(KernelArguments.PANELS));
        a.emit(JNZ, panel);
        finish();
        frame.leave(a);
        constants();
        return a.assemble();
    }

    private void nextPanel() {
        a.emit(MOV, Gpr.RAX, argument(KernelArguments.PANEL_BYTES));
        a.emit(ADD, argument(KernelArguments.B), Gpr.RAX);
        a.emit(ADD, argument(KernelArguments.OUTPUT), imm((long) columns * stage.output().bytes()));
        if (stage.addend() != CodeStage.Addend.NONE) {
            a.emit(ADD, argument(KernelArguments.ADDEND), imm(columns));
        }
        nextTerms(stage.hasInitial(), KernelArguments.INITIAL);
        nextTerms(stage.output().isScaled(), KernelArguments.MULTIPLIER);
        nextTerms(stage.realBias(), KernelArguments.BIAS);
        nextTerms(stage.weightZeroPoints(), KernelArguments.WEIGHT_ZERO_POINT);
        a.emit(SUB, argument(KernelArguments.COLUMNS), imm(columns));
    }

    private void nextTerms(boolean needed, int terms) {
        if (needed) {
            a.emit(ADD, argument(terms), imm(4L * columns));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.GeneralOp.MOV;
import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.MoveOp.VBROADCASTSS;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU32;
import static io.jquant.codegen.x86.Vec.zmm;

import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Label;
import io.jquant.codegen.x86.Mem;
import io.jquant.codegen.x86.Operand;
import io.jquant.codegen.x86.Vec;
import io.jquant.codegen.x86.X86Assembler;
import io.jquant.kernels.common.CodeStage;

/** Where the numbers of the output stage are when {@link Epilogue512} wants them. */
sealed interface Terms512 {
    /** Appends the loading of what does not depend on the panel. */
    void load(X86Assembler a, CodeStage stage, Label order);

    /** Appends the loading of what the columns of a panel have. */
    void loadPanel(X86Assembler a, CodeStage stage);

    Operand multiplier(int half);

    Operand bias(int half);

    Operand weightZeroPoint(int half);

    Operand high();

    Vec low(X86Assembler a);

    Operand zeroPointWords();

    Operand smallestBytes();

    Operand addendZeroPoint();

    Operand addendRatio();

    Vec order();

    Vec scratch();

    private static Mem scalar(int argument) {
        return at(GemmCode.ARGUMENTS, argument).broadcast();
    }

    /** Sums fill the registers: four are free. */
    record InMemory() implements Terms512 {
        private static final Gpr MULTIPLIER = Gpr.RBX;
        private static final Gpr BIAS = Gpr.RCX;
        private static final Gpr ZERO_POINTS = Gpr.RDX;

        @Override
        public void load(X86Assembler a, CodeStage stage, Label order) {
            if (stage.output().isQuantized()) {
                a.emit(VMOVDQU32, order(), at(order));
            }
        }

        @Override
        public void loadPanel(X86Assembler a, CodeStage stage) {
            if (stage.weightZeroPoints()) {
                a.emit(MOV, ZERO_POINTS, GemmCode.argument(KernelArguments.WEIGHT_ZERO_POINT));
            }
            if (stage.output().isScaled()) {
                a.emit(MOV, MULTIPLIER, GemmCode.argument(KernelArguments.MULTIPLIER));
                a.emit(VMOVDQU32, multiplier(0), at(MULTIPLIER));
                a.emit(VMOVDQU32, multiplier(1), at(MULTIPLIER, 64));
            }
            if (stage.realBias()) {
                a.emit(MOV, BIAS, GemmCode.argument(KernelArguments.BIAS));
            }
        }

        @Override
        public Vec multiplier(int half) {
            return zmm(30 + half);
        }

        @Override
        public Operand bias(int half) {
            return at(BIAS, 64 * half);
        }

        @Override
        public Operand weightZeroPoint(int half) {
            return at(ZERO_POINTS, 64 * half);
        }

        @Override
        public Operand high() {
            return scalar(KernelArguments.HIGH);
        }

        @Override
        public Vec low(X86Assembler a) {
            a.emit(VBROADCASTSS, scratch(), at(GemmCode.ARGUMENTS, KernelArguments.LOW));
            return scratch();
        }

        @Override
        public Operand zeroPointWords() {
            return at(GemmCode.ARGUMENTS, KernelArguments.ZERO_POINT_WORDS);
        }

        @Override
        public Operand smallestBytes() {
            return at(GemmCode.ARGUMENTS, KernelArguments.SMALLEST_BYTES);
        }

        @Override
        public Operand addendZeroPoint() {
            return scalar(KernelArguments.ADDEND_ZERO_POINT);
        }

        @Override
        public Operand addendRatio() {
            return scalar(KernelArguments.ADDEND_RATIO);
        }

        @Override
        public Vec order() {
            return zmm(29);
        }

        @Override
        public Vec scratch() {
            return zmm(28);
        }
    }

    /** Sums come from tiles: the registers are free. */
    record InRegisters() implements Terms512 {
        @Override
        public void load(X86Assembler a, CodeStage stage, Label order) {
            if (stage.output().isScaled()) {
                a.emit(VBROADCASTSS, high(), at(GemmCode.ARGUMENTS, KernelArguments.HIGH));
                a.emit(VBROADCASTSS, zmm(24), at(GemmCode.ARGUMENTS, KernelArguments.LOW));
            }
            if (stage.output().isQuantized()) {
                a.emit(VMOVDQU32, zeroPointWords(), at(GemmCode.ARGUMENTS, KernelArguments.ZERO_POINT_WORDS));
                a.emit(VMOVDQU32, smallestBytes(), at(GemmCode.ARGUMENTS, KernelArguments.SMALLEST_BYTES));
                a.emit(VMOVDQU32, order(), at(order));
            }
            if (stage.addend() != CodeStage.Addend.NONE) {
                a.emit(VBROADCASTSS, addendZeroPoint(), at(GemmCode.ARGUMENTS, KernelArguments.ADDEND_ZERO_POINT));
                a.emit(VBROADCASTSS, addendRatio(), at(GemmCode.ARGUMENTS, KernelArguments.ADDEND_RATIO));
            }
        }

        @Override
        public void loadPanel(X86Assembler a, CodeStage stage) {
            if (stage.output().isScaled()) {
                loadBoth(a, KernelArguments.MULTIPLIER, 30);
            }
            if (stage.realBias()) {
                loadBoth(a, KernelArguments.BIAS, 28);
            }
            if (stage.weightZeroPoints()) {
                loadBoth(a, KernelArguments.WEIGHT_ZERO_POINT, 26);
            }
        }

        private static void loadBoth(X86Assembler a, int argument, int register) {
            a.emit(MOV, Gpr.RAX, GemmCode.argument(argument));
            a.emit(VMOVDQU32, zmm(register), at(Gpr.RAX));
            a.emit(VMOVDQU32, zmm(register + 1), at(Gpr.RAX, 64));
        }

        @Override
        public Vec multiplier(int half) {
            return zmm(30 + half);
        }

        @Override
        public Vec bias(int half) {
            return zmm(28 + half);
        }

        @Override
        public Vec weightZeroPoint(int half) {
            return zmm(26 + half);
        }

        @Override
        public Vec high() {
            return zmm(25);
        }

        @Override
        public Vec low(X86Assembler a) {
            return zmm(24);
        }

        @Override
        public Vec zeroPointWords() {
            return zmm(23);
        }

        @Override
        public Vec smallestBytes() {
            return zmm(22);
        }

        @Override
        public Vec order() {
            return zmm(21);
        }

        @Override
        public Vec addendZeroPoint() {
            return zmm(20);
        }

        @Override
        public Vec addendRatio() {
            return zmm(19);
        }

        @Override
        public Vec scratch() {
            return zmm(18);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jquant.kernels.common.CodeStage;
import io.jquant.kernels.common.PairKernel;
import io.jquant.kernels.common.Scratch;
import java.lang.foreign.MemorySegment;

/** Bytes of pairs of bytes by machine code. An operand of one element becomes a block that is read again and again. */
final class ArmPair implements PairKernel {
    private final Machine machine;
    private final int[] numbers;
    private final MemorySegment code;

    ArmPair(Machine machine, ElementShape shape, ElementNumbers numbers) {
        this.machine = machine;
        this.numbers = numbers.bits();
        this.code = KernelCode.of(shape, CodeStage.RAW, 1);
    }

    @Override
    public void run(MemorySegment left, long leftOffset, int leftStep, MemorySegment right, long rightOffset,
            int rightStep, MemorySegment output, long outputOffset, long count, Scratch scratch) {
        if (count == 0) {
            return;
        }
        MemorySegment arguments = scratch.kernel().atLeast(ElementArguments.BYTES);
        arguments.set(JAVA_LONG, ElementArguments.INPUT_STEP, leftStep);
        arguments.set(JAVA_LONG, ElementArguments.RIGHT_STEP, rightStep);
        MemorySegment first = left;
        long firstOffset = leftOffset;
        MemorySegment second = right;
        long secondOffset = rightOffset;
        if (leftStep == 0) {
            first = repeat(left.get(JAVA_BYTE, leftOffset), arguments, ElementArguments.LEFT_REPEATED);
            firstOffset = ElementArguments.LEFT_REPEATED;
        }
        if (rightStep == 0) {
            second = repeat(right.get(JAVA_BYTE, rightOffset), arguments, ElementArguments.RIGHT_REPEATED);
            secondOffset = ElementArguments.RIGHT_REPEATED;
        }
        for (long i = 0; i < count; i += ArmRange.MOST) {
            ElementArguments.write(arguments, numbers, firstOffset + i * leftStep, outputOffset + i,
                    Math.min(ArmRange.MOST, count - i));
            arguments.set(JAVA_LONG, ElementArguments.RIGHT, secondOffset + i * rightStep);
            machine.run(code, first, output, second, arguments, MemorySegment.NULL, null);
        }
    }

    private static MemorySegment repeat(byte element, MemorySegment to, long offset) {
        for (int i = 0; i < ElementCode.BLOCK; i++) {
            to.set(JAVA_BYTE, offset + i, element);
        }
        return to;
    }

    @Override
    public void rows(MemorySegment left, long leftOffset, long leftStride, int leftStep, MemorySegment right,
            long rightOffset, long rightStride, int rightStep, MemorySegment output, long outputOffset, long rows,
            long count, Scratch scratch) {
        if (count == 0 || count > ArmRange.MOST || leftStep == 0 || rightStep == 0) {
            PairKernel.super.rows(left, leftOffset, leftStride, leftStep, right, rightOffset, rightStride, rightStep,
                    output, outputOffset, rows, count, scratch);
            return;
        }
        MemorySegment arguments = scratch.kernel().atLeast(ElementArguments.BYTES);
        arguments.set(JAVA_LONG, ElementArguments.INPUT_STEP, leftStep);
        arguments.set(JAVA_LONG, ElementArguments.RIGHT_STEP, rightStep);
        arguments.set(JAVA_LONG, ElementArguments.RIGHT_ROW, rightStride);
        long most = ArmRange.MOST / count;
        for (long row = 0; row < rows; row += most) {
            ElementArguments.write(arguments, numbers, leftOffset + row * leftStride, outputOffset + row * count,
                    count);
            ElementArguments.writeRows(arguments, Math.min(most, rows - row), leftStride, count);
            arguments.set(JAVA_LONG, ElementArguments.RIGHT, rightOffset + row * rightStride);
            machine.run(code, left, output, right, arguments, MemorySegment.NULL, null);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** Bytes of pairs of bytes by machine code. An operand of one element becomes a block that is read again and again. */
final class CodePair implements PairKernel {
    private final CodeRunner runner;
    private final MemorySegment code;
    private final int step;
    private final int[] numbers;

    /**
     * @param runner what runs the code
     * @param code the code
     * @param step elements of a step of its inputs
     * @param numbers the numbers
     */
    CodePair(CodeRunner runner, MemorySegment code, int step, ElementNumbers<?> numbers) {
        this.runner = runner;
        this.code = code;
        this.step = step;
        this.numbers = numbers.bits();
    }

    @Override
    public void run(MemorySegment left, long leftOffset, int leftStep, MemorySegment right, long rightOffset,
            int rightStep, MemorySegment output, long outputOffset, long count, Scratch scratch) {
        if (count == 0) {
            return;
        }
        MemorySegment arguments = arguments(scratch, leftStep, rightStep);
        MemorySegment first = left;
        long firstOffset = leftOffset;
        MemorySegment second = right;
        long secondOffset = rightOffset;
        if (leftStep == 0) {
            ElementArguments.repeat(left.get(JAVA_BYTE, leftOffset), arguments, ElementArguments.LEFT_REPEATED);
            first = arguments;
            firstOffset = ElementArguments.LEFT_REPEATED;
        }
        if (rightStep == 0) {
            ElementArguments.repeat(right.get(JAVA_BYTE, rightOffset), arguments, ElementArguments.RIGHT_REPEATED);
            second = arguments;
            secondOffset = ElementArguments.RIGHT_REPEATED;
        }
        for (long i = 0; i < count; i += CodeRange.MOST) {
            ElementArguments.write(arguments, numbers, firstOffset + i * leftStep, outputOffset + i,
                    Math.min(CodeRange.MOST, count - i));
            arguments.set(JAVA_LONG, ElementArguments.RIGHT, secondOffset + i * rightStep);
            runner.run(code, first, output, second, arguments);
        }
    }

    @Override
    public void rows(MemorySegment left, long leftOffset, long leftStride, int leftStep, MemorySegment right,
            long rightOffset, long rightStride, int rightStep, MemorySegment output, long outputOffset, long rows,
            long count, Scratch scratch) {
        if (count == 0 || count > CodeRange.MOST || leftStep == 0 || rightStep == 0) {
            PairKernel.super.rows(left, leftOffset, leftStride, leftStep, right, rightOffset, rightStride, rightStep,
                    output, outputOffset, rows, count, scratch);
            return;
        }
        MemorySegment arguments = arguments(scratch, leftStep, rightStep);
        arguments.set(JAVA_LONG, ElementArguments.RIGHT_ROW, rightStride);
        long most = CodeRange.MOST / count;
        for (long row = 0; row < rows; row += most) {
            ElementArguments.write(arguments, numbers, leftOffset + row * leftStride, outputOffset + row * count,
                    count);
            ElementArguments.writeRows(arguments, Math.min(most, rows - row), leftStride, count);
            arguments.set(JAVA_LONG, ElementArguments.RIGHT, rightOffset + row * rightStride);
            runner.run(code, left, output, right, arguments);
        }
    }

    private MemorySegment arguments(Scratch scratch, int leftStep, int rightStep) {
        MemorySegment arguments = scratch.kernel().atLeast(ElementArguments.BYTES);
        arguments.set(JAVA_LONG, ElementArguments.INPUT_STEP, (long) leftStep * step);
        arguments.set(JAVA_LONG, ElementArguments.RIGHT_STEP, (long) rightStep * step);
        return arguments;
    }
}

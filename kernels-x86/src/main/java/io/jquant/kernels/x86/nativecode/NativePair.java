// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jquant.kernels.common.PairKernel;
import io.jquant.kernels.common.Scratch;
import java.lang.foreign.MemorySegment;

/** Bytes of pairs of bytes by machine code. An operand of one element becomes a block that is read again and again. */
final class NativePair implements PairKernel {
    private static final long EVERY_BYTE = 0x0101010101010101L;

    private final ElementShape shape;
    private final int[] numbers;
    private final MemorySegment code;
    private final Machine machine;

    NativePair(ElementShape shape, ElementNumbers numbers, Machine machine) {
        this.machine = machine;
        this.shape = shape;
        this.numbers = numbers.bits();
        this.code = KernelCode.elements(shape);
    }

    @Override
    public void run(MemorySegment left, long leftOffset, int leftStep, MemorySegment right, long rightOffset,
            int rightStep, MemorySegment output, long outputOffset, long count, Scratch scratch) {
        MemorySegment arguments = scratch.kernel().atLeast(ElementArguments.BYTES);
        arguments.set(JAVA_LONG, ElementArguments.INPUT_STEP, (long) leftStep * shape.block());
        arguments.set(JAVA_LONG, ElementArguments.RIGHT_STEP, (long) rightStep * shape.block());
        MemorySegment first = left;
        long firstOffset = leftOffset;
        MemorySegment second = right;
        long secondOffset = rightOffset;
        if (count > 0 && leftStep == 0) {
            repeat(left.get(JAVA_BYTE, leftOffset), arguments, ElementArguments.LEFT_REPEATED);
            first = arguments;
            firstOffset = ElementArguments.LEFT_REPEATED;
        }
        if (count > 0 && rightStep == 0) {
            repeat(right.get(JAVA_BYTE, rightOffset), arguments, ElementArguments.RIGHT_REPEATED);
            second = arguments;
            secondOffset = ElementArguments.RIGHT_REPEATED;
        }
        for (long i = 0; i < count; i += NativeRange.MOST) {
            ElementArguments.write(arguments, numbers, firstOffset + i * leftStep, outputOffset + i,
                    Math.min(NativeRange.MOST, count - i));
            arguments.set(JAVA_LONG, ElementArguments.RIGHT, secondOffset + i * rightStep);
            machine.run(code, first, output, second, arguments);
        }
    }

    @Override
    public void rows(MemorySegment left, long leftOffset, long leftStride, int leftStep, MemorySegment right,
            long rightOffset, long rightStride, int rightStep, MemorySegment output, long outputOffset, long rows,
            long count, Scratch scratch) {
        if (count == 0 || count > NativeRange.MOST || leftStep == 0 || rightStep == 0) {
            PairKernel.super.rows(left, leftOffset, leftStride, leftStep, right, rightOffset, rightStride, rightStep,
                    output, outputOffset, rows, count, scratch);
            return;
        }
        MemorySegment arguments = scratch.kernel().atLeast(ElementArguments.BYTES);
        arguments.set(JAVA_LONG, ElementArguments.INPUT_STEP, shape.block());
        arguments.set(JAVA_LONG, ElementArguments.RIGHT_STEP, shape.block());
        arguments.set(JAVA_LONG, ElementArguments.RIGHT_ROW, rightStride);
        long most = NativeRange.MOST / count;
        for (long row = 0; row < rows; row += most) {
            ElementArguments.write(arguments, numbers, leftOffset + row * leftStride, outputOffset + row * count,
                    count);
            ElementArguments.writeRows(arguments, Math.min(most, rows - row), leftStride, count);
            arguments.set(JAVA_LONG, ElementArguments.RIGHT, rightOffset + row * rightStride);
            machine.run(code, left, output, right, arguments);
        }
    }

    private void repeat(byte element, MemorySegment to, long offset) {
        for (int i = 0; i < shape.block(); i += Long.BYTES) {
            to.set(JAVA_LONG, offset + i, Byte.toUnsignedLong(element) * EVERY_BYTE);
        }
    }
}

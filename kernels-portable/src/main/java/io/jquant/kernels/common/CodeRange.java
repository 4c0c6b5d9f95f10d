// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** Elements of elements by machine code. */
final class CodeRange implements RangeKernel {
    /** Elements of a call: 20 microseconds or so, for which the garbage collector waits. */
    static final long MOST = 1 << 16;

    private final CodeRunner runner;
    private final MemorySegment code;
    private final int inputBytes;
    private final int outputBytes;
    private final int step;
    private final int[] numbers;
    private final MemorySegment table;

    /**
     * @param runner what runs the code
     * @param code the code
     * @param shape what it was made for
     * @param step elements of a step of its input
     * @param numbers the numbers
     * @param table the table as the code wants it; {@link MemorySegment#NULL} for none
     */
    CodeRange(CodeRunner runner, MemorySegment code, ElementShape shape, int step, ElementNumbers<?> numbers,
            MemorySegment table) {
        this.runner = runner;
        this.code = code;
        this.inputBytes = shape.left().bytes();
        this.outputBytes = shape.output().bytes();
        this.step = step;
        this.numbers = numbers.bits();
        this.table = table;
    }

    @Override
    public void run(MemorySegment input, long inputOffset, MemorySegment output, long outputOffset, long count,
            Scratch scratch) {
        MemorySegment arguments = arguments(scratch);
        for (long i = 0; i < count; i += MOST) {
            ElementArguments.write(arguments, numbers, inputOffset + i * inputBytes, outputOffset + i * outputBytes,
                    Math.min(MOST, count - i));
            runner.run(code, input, output, table, arguments);
        }
    }

    @Override
    public void rows(MemorySegment input, long inputOffset, long inputStride, MemorySegment output, long outputOffset,
            long outputStride, long rows, long count, Scratch scratch) {
        if (count == 0 || count > MOST) {
            RangeKernel.super.rows(input, inputOffset, inputStride, output, outputOffset, outputStride, rows, count,
                    scratch);
            return;
        }
        MemorySegment arguments = arguments(scratch);
        long most = MOST / count;
        for (long row = 0; row < rows; row += most) {
            ElementArguments.write(arguments, numbers, inputOffset + row * inputStride,
                    outputOffset + row * outputStride, count);
            ElementArguments.writeRows(arguments, Math.min(most, rows - row), inputStride, outputStride);
            runner.run(code, input, output, table, arguments);
        }
    }

    private MemorySegment arguments(Scratch scratch) {
        MemorySegment arguments = scratch.kernel().atLeast(ElementArguments.BYTES);
        arguments.set(JAVA_LONG, ElementArguments.INPUT_STEP, (long) step * inputBytes);
        return arguments;
    }
}

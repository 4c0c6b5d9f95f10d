// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jquant.kernels.common.RangeKernel;
import io.jquant.kernels.common.Scratch;
import java.lang.foreign.MemorySegment;

/** Elements of elements by machine code. */
final class NativeRange implements RangeKernel {
    /** Elements of a call: 20 microseconds or so, for which the garbage collector waits. */
    static final long MOST = 1 << 16;

    private final ElementShape shape;
    private final int[] numbers;
    private final MemorySegment table;
    private final MemorySegment code;
    private final Machine machine;

    /**
     * @param shape what the code depends on
     * @param numbers the numbers
     * @param table a table as {@link TableCode#arrange} makes it; {@link MemorySegment#NULL} for none
     * @param machine what runs the code
     */
    NativeRange(ElementShape shape, ElementNumbers numbers, MemorySegment table, Machine machine) {
        this.machine = machine;
        this.shape = shape;
        this.numbers = numbers.bits();
        this.table = table;
        this.code = KernelCode.elements(shape);
    }

    @Override
    public void run(MemorySegment input, long inputOffset, MemorySegment output, long outputOffset, long count,
            Scratch scratch) {
        MemorySegment arguments = scratch.kernel().atLeast(ElementArguments.BYTES);
        int inputBytes = shape.left().bytes();
        arguments.set(JAVA_LONG, ElementArguments.INPUT_STEP, (long) shape.block() * inputBytes);
        for (long i = 0; i < count; i += MOST) {
            ElementArguments.write(arguments, numbers, inputOffset + i * inputBytes,
                    outputOffset + i * shape.output().bytes(), Math.min(MOST, count - i));
            machine.run(code, input, output, table, arguments);
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
        MemorySegment arguments = scratch.kernel().atLeast(ElementArguments.BYTES);
        arguments.set(JAVA_LONG, ElementArguments.INPUT_STEP, (long) shape.block() * shape.left().bytes());
        long most = MOST / count;
        for (long row = 0; row < rows; row += most) {
            ElementArguments.write(arguments, numbers, inputOffset + row * inputStride,
                    outputOffset + row * outputStride, count);
            ElementArguments.writeRows(arguments, Math.min(most, rows - row), inputStride, outputStride);
            machine.run(code, input, output, table, arguments);
        }
    }
}

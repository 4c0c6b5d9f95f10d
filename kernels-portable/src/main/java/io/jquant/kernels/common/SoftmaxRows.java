// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jquant.DataType;
import io.jquant.SoftmaxSpec;
import io.jquant.kernels.portable.Affine;
import io.jquant.kernels.portable.SoftmaxTables;
import io.jquant.spi.Numerics;
import java.lang.foreign.MemorySegment;

/**
 * Softmax of looked-up exponentials. Sums are those of the definition, of doubles from first to last; four rows take
 * turns, so that none waits for its own last addition.
 */
final class SoftmaxRows implements RangeKernel {
    private static final int TURNS = 4;

    private final int size;
    private final byte flip;
    private final SoftmaxTables tables;
    private final RangeKernel quantize;

    private SoftmaxRows(SoftmaxSpec spec, SoftmaxTables tables, RangeKernel quantize) {
        size = spec.size();
        flip = spec.input().type() == DataType.U8 ? ByteRows.FLIP : 0;
        this.tables = tables;
        this.quantize = quantize;
    }

    /** {@return the kernel; null where there is none for the formulas, or elements have none that converts} */
    static RangeKernel of(ElementKernels elements, Numerics numerics, SoftmaxSpec spec) {
        SoftmaxTables tables = SoftmaxTables.of(numerics, spec);
        RangeKernel quantize = elements.conversion(null, Affine.of(spec.output()));
        return tables == null || quantize == null ? null : new SoftmaxRows(spec, tables, quantize);
    }

    @Override
    public void run(MemorySegment input, long inputOffset, MemorySegment output, long outputOffset, long rows,
            Scratch scratch) {
        long row = 0;
        if (size <= Stage.SIZE / TURNS) {
            for (; row <= rows - TURNS; row += TURNS) {
                inTurns(input, inputOffset + row * size, output, outputOffset + row * size, scratch);
            }
        }
        for (; row < rows; row++) {
            alone(input, inputOffset + row * size, output, outputOffset + row * size, scratch);
        }
    }

    private void inTurns(MemorySegment input, long from, MemorySegment output, long to, Scratch scratch) {
        Stage stage = scratch.stage();
        byte[] values = stage.input;
        float[] real = stage.floatOutput;
        int second = size;
        int third = 2 * size;
        int fourth = 3 * size;
        MemorySegment.copy(input, JAVA_BYTE, from, values, 0, TURNS * size);
        float[] table0 = table(values, 0, size);
        float[] table1 = table(values, second, size);
        float[] table2 = table(values, third, size);
        float[] table3 = table(values, fourth, size);
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        for (int i = 0; i < size; i++) {
            float value0 = table0[values[i] & 0xFF];
            float value1 = table1[values[second + i] & 0xFF];
            float value2 = table2[values[third + i] & 0xFF];
            float value3 = table3[values[fourth + i] & 0xFF];
            real[i] = value0;
            real[second + i] = value1;
            real[third + i] = value2;
            real[fourth + i] = value3;
            sum0 += value0;
            sum1 += value1;
            sum2 += value2;
            sum3 += value3;
        }
        divide(real, 0, size, (float) sum0);
        divide(real, second, size, (float) sum1);
        divide(real, third, size, (float) sum2);
        divide(real, fourth, size, (float) sum3);
        quantize.run(stage.floatOutputSegment, 0, output, to, TURNS * (long) size, scratch);
    }

    private void alone(MemorySegment input, long from, MemorySegment output, long to, Scratch scratch) {
        Stage stage = scratch.stage();
        int largest = Byte.MIN_VALUE;
        for (int at = 0; at < size; at += Stage.SIZE) {
            largest = Math.max(largest, largest(stage.input, 0, load(input, from, at, stage)));
        }
        float[] table = tables.of(value(largest));
        double sum = 0;
        for (int at = 0; at < size; at += Stage.SIZE) {
            int count = load(input, from, at, stage);
            for (int i = 0; i < count; i++) {
                sum += table[stage.input[i] & 0xFF];
            }
        }
        float total = (float) sum;
        for (int at = 0; at < size; at += Stage.SIZE) {
            int count = load(input, from, at, stage);
            for (int i = 0; i < count; i++) {
                stage.floatOutput[i] = table[stage.input[i] & 0xFF];
            }
            divide(stage.floatOutput, 0, count, total);
            quantize.run(stage.floatOutputSegment, 0, output, to + at, count, scratch);
        }
    }

    private int load(MemorySegment input, long from, int at, Stage stage) {
        int count = Math.min(Stage.SIZE, size - at);
        MemorySegment.copy(input, JAVA_BYTE, from + at, stage.input, 0, count);
        return count;
    }

    private float[] table(byte[] values, int at, int count) {
        return tables.of(value(largest(values, at, count)));
    }

    /** The largest of values that are s8 once they are flipped. */
    private int largest(byte[] values, int at, int count) {
        int largest = Byte.MIN_VALUE;
        for (int i = at; i < at + count; i++) {
            largest = Math.max(largest, values[i] ^ flip);
        }
        return largest;
    }

    private int value(int flipped) {
        return flip == 0 ? flipped : flipped - Byte.MIN_VALUE;
    }

    private static void divide(float[] values, int at, int count, float by) {
        for (int i = at; i < at + count; i++) {
            values[i] /= by;
        }
    }
}

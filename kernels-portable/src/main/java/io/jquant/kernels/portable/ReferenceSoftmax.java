// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.DataType;
import io.jquant.SoftmaxSpec;
import io.jquant.spi.Numerics;
import io.jquant.spi.RowKernel;
import java.lang.foreign.MemorySegment;

/**
 * Softmax (numerics.md 2.5): dequantize, softmax in float, quantize, as aten does; in QNNPACK numerics from u8 to u8 of
 * scale 1/256 and zero point 0, QNNPACK's softargmax, which is exact integers after a table.
 */
final class ReferenceSoftmax {
    private ReferenceSoftmax() {
    }

    static RowKernel of(Numerics numerics, SoftmaxSpec spec) {
        return isOfIntegers(numerics, spec) ? new Table(spec) : new Real(spec);
    }

    /** Whether a softmax is QNNPACK's, of integer exponentials. */
    static boolean isOfIntegers(Numerics numerics, SoftmaxSpec spec) {
        return numerics == Numerics.QNNPACK && spec.input().type() == DataType.U8
                && spec.output().type() == DataType.U8 && spec.output().scale() == 0x1p-8f
                && spec.output().zeroPoint() == 0;
    }

    /** A row's largest element. */
    static int max(Affine input, MemorySegment segment, long begin, int size) {
        int max = input.get(segment, begin);
        for (int i = 1; i < size; i++) {
            max = Math.max(max, input.get(segment, begin + i));
        }
        return max;
    }

    /** In float. The sum is one of doubles from first to last; aten's is one of floats in an order of its own. */
    private static final class Real implements RowKernel {
        private final int size;
        private final Affine input;
        private final Affine output;

        Real(SoftmaxSpec spec) {
            size = spec.size();
            input = Affine.of(spec.input());
            output = Affine.of(spec.output());
        }

        @Override
        public void run(long rows, MemorySegment inputSegment, MemorySegment outputSegment) {
            for (long begin = 0; begin < rows * size; begin += size) {
                float max = input.dequantize(max(input, inputSegment, begin, size));
                double sum = 0;
                for (int i = 0; i < size; i++) {
                    sum += RealFunctions.exp(input.dequantize(input.get(inputSegment, begin + i)) - max);
                }
                for (int i = 0; i < size; i++) {
                    float x = input.dequantize(input.get(inputSegment, begin + i));
                    output.set(outputSegment, begin + i, output.quantize(RealFunctions.exp(x - max) / (float) sum));
                }
            }
        }
    }

    /** QNNPACK's: the exponentials are integers, scaled so that a row of the largest still sums to below 2^32. */
    private static final class Table implements RowKernel {
        private final int size;
        private final Affine input;
        private final Affine output;
        /** Exponentials of inputs that are 255 - index below the row's largest. */
        private final long[] exponentials = new long[256];

        Table(SoftmaxSpec spec) {
            size = spec.size();
            input = Affine.of(spec.input());
            output = Affine.of(spec.output());
            double scale = Math.min(4294967295.0 / size, 8388607.0);
            for (int i = 0; i < exponentials.length; i++) {
                exponentials[i] = (long) Math.rint(scale * StrictMath.exp((i - 255) * (double) input.scale()));
            }
        }

        @Override
        public void run(long rows, MemorySegment inputSegment, MemorySegment outputSegment) {
            for (long begin = 0; begin < rows * size; begin += size) {
                int offset = 255 - max(input, inputSegment, begin, size);
                long sum = 0;
                for (int i = 0; i < size; i++) {
                    sum += exponentials[input.get(inputSegment, begin + i) + offset];
                }
                for (int i = 0; i < size; i++) {
                    long scaled = exponentials[input.get(inputSegment, begin + i) + offset] << 8;
                    output.set(outputSegment, begin + i, (int) Math.min((scaled + (sum >> 1)) / sum, 255));
                }
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.ImmutableFloats;
import io.jquant.LayerNormSpec;
import io.jquant.kernels.portable.Affine;
import io.jquant.kernels.portable.LayerNormRow;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Layer norm on kernels that convert: steps from the zero point as floats, which are exact, and back. What is between
 * are loops over arrays that the JVM's compiler turns into vector code itself.
 */
final class LayerNormRows implements RangeKernel {
    private final LayerNormSpec spec;
    private final int zeroPoint;
    private final RangeKernel widen;
    private final RangeKernel quantize;
    private final float[] gamma;
    private final float[] beta;

    private LayerNormRows(LayerNormSpec spec, RangeKernel widen, RangeKernel quantize) {
        this.spec = spec;
        this.widen = widen;
        this.quantize = quantize;
        zeroPoint = spec.input().zeroPoint();
        gamma = values(spec.gamma(), 1);
        beta = values(spec.beta(), 0);
    }

    private float[] values(ImmutableFloats given, float otherwise) {
        if (given != null) {
            return given.toArray();
        }
        float[] values = new float[spec.size()];
        Arrays.fill(values, otherwise);
        return values;
    }

    /** {@return the kernel; null where elements have none that convert} */
    static RangeKernel of(ElementKernels elements, LayerNormSpec spec) {
        Affine input = Affine.of(spec.input());
        RangeKernel widen = elements.conversion(new Affine(input.type(), 1, input.zeroPoint()), null);
        RangeKernel quantize = elements.conversion(null, Affine.of(spec.output()));
        return widen == null || quantize == null ? null : new LayerNormRows(spec, widen, quantize);
    }

    @Override
    public void run(MemorySegment input, long inputOffset, MemorySegment output, long outputOffset, long rows,
            Scratch scratch) {
        int size = spec.size();
        int rowsAtOnce = Math.max(1, Stage.SIZE / size);
        for (long row = 0; row < rows; row += rowsAtOnce) {
            long from = inputOffset + row * size;
            long to = outputOffset + row * size;
            if (size <= Stage.SIZE) {
                fewRows(input, from, output, to, (int) Math.min(rowsAtOnce, rows - row), scratch);
            } else {
                longRow(input, from, output, to, scratch);
            }
        }
    }

    private void fewRows(MemorySegment input, long from, MemorySegment output, long to, int rows, Scratch scratch) {
        Stage stage = scratch.stage();
        int size = spec.size();
        widen.run(input, from, stage.floatsSegment, 0, (long) rows * size, scratch);
        for (int at = 0; at < rows * size; at += size) {
            int sum = sum(stage.floats, at, size);
            int squares = sumOfSquares(stage.floats, at, size);
            normalize(stage, at, 0, size, sum, squares);
        }
        quantize.run(stage.floatOutputSegment, 0, output, to, (long) rows * size, scratch);
    }

    private void longRow(MemorySegment input, long from, MemorySegment output, long to, Scratch scratch) {
        Stage stage = scratch.stage();
        int size = spec.size();
        long sum = 0;
        long squares = 0;
        for (int at = 0; at < size; at += Stage.SIZE) {
            int count = Math.min(Stage.SIZE, size - at);
            widen.run(input, from + at, stage.floatsSegment, 0, count, scratch);
            sum += sum(stage.floats, 0, count);
            squares += sumOfSquares(stage.floats, 0, count);
        }
        for (int at = 0; at < size; at += Stage.SIZE) {
            int count = Math.min(Stage.SIZE, size - at);
            widen.run(input, from + at, stage.floatsSegment, 0, count, scratch);
            normalize(stage, 0, at, count, sum, squares);
            quantize.run(stage.floatOutputSegment, 0, output, to + at, count, scratch);
        }
    }

    private static int sum(float[] steps, int at, int count) {
        int sum = 0;
        for (int i = at; i < at + count; i++) {
            sum += (int) steps[i];
        }
        return sum;
    }

    /** Of so few that it is an int. */
    private static int sumOfSquares(float[] steps, int at, int count) {
        int sum = 0;
        for (int i = at; i < at + count; i++) {
            int step = (int) steps[i];
            sum += step * step;
        }
        return sum;
    }

    /** Normalizes steps, given the sums of all steps of their row and of the squares. */
    private void normalize(Stage stage, int at, int first, int count, long steps, long squares) {
        long shift = (long) spec.size() * zeroPoint;
        long sum = steps + shift;
        long sumOfSquares = squares + 2L * zeroPoint * steps + shift * zeroPoint;
        float mean = LayerNormRow.mean(spec, sum);
        float factor = LayerNormRow.factor(spec, sum, sumOfSquares);
        multiply(stage.floats, stage.floatOutput, at, mean, factor, gamma, beta, first, count);
    }

    private static void multiply(float[] steps, float[] real, int at, float mean, float factor, float[] gamma,
            float[] beta, int first, int count) {
        for (int i = 0; i < count; i++) {
            real[at + i] = (steps[at + i] - mean) * factor * gamma[first + i] + beta[first + i];
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.Bias;
import io.jquant.ConvolutionSpec;
import io.jquant.DataType;
import io.jquant.DynamicLinearSpec;
import io.jquant.Extent;
import io.jquant.GroupedLinearSpec;
import io.jquant.LinearSpec;
import io.jquant.MatmulSpec;
import io.jquant.MatrixBatch;
import io.jquant.spi.ConvolutionKernel;
import io.jquant.spi.EngineBackend;
import io.jquant.spi.LinearKernel;
import io.jquant.spi.MatmulKernel;
import io.jquant.spi.Range;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Runs an operator on two backends, on the same operands with strides, and wants the same bits. */
public final class Comparison {
    private final EngineBackend fast;
    private final EngineBackend reference;

    public Comparison(EngineBackend fast, EngineBackend reference) {
        this.fast = fast;
        this.reference = reference;
    }

    /** Where an output lies: rows among canaries. */
    private record Rows(DataType type, long rows, long columns, long stride) {
        long bytes() {
            return rows == 0 ? 0 : type.bytes((rows - 1) * stride + columns);
        }
    }

    private static void compare(Samples samples, Rows rows, Consumer<MemorySegment> fast,
            Consumer<MemorySegment> reference, String message) {
        Guarded actual = new Guarded(samples.random(), rows.bytes());
        fast.accept(actual.segment());
        actual.assertUntouched(rows.type().bytes(rows.columns()), rows.type().bytes(rows.stride()), message);
        Guarded expected = new Guarded(samples.random(), rows.bytes());
        reference.accept(expected.segment());
        long at = actual.segment().mismatch(expected.segment());
        long element = at / rows.type().bytes(1);
        assertEquals(-1, at, () -> message + ": differs at row " + element / rows.stride() + ", column "
                + element % rows.stride() + ": " + BruteForce.stored(rows.type(), actual.segment(), element)
                + " for " + BruteForce.stored(rows.type(), expected.segment(), element));
    }

    private static long gap(Samples samples) {
        return samples.random().nextInt(3) == 0 ? samples.random().nextInt(20) : 0;
    }

    private static MemorySegment rows(Samples samples, long rows, long columns, long stride) {
        return samples.bytes(rows == 0 ? 0 : (rows - 1) * stride + columns);
    }

    public void linear(Samples samples, long rows, LinearSpec spec, String message) {
        long inputStride = spec.inFeatures() + gap(samples);
        linear(samples, rows, spec, rows(samples, rows, spec.inFeatures(), inputStride), inputStride,
                samples.bytes((long) spec.outFeatures() * spec.inFeatures()), message);
    }

    public void linear(Samples samples, long rows, LinearSpec spec, MemorySegment x, long inputStride,
            MemorySegment weights, String message) {
        Rows out = new Rows(spec.epilogue().type(), rows, spec.outFeatures(), spec.outFeatures() + gap(samples));
        long addendStride = spec.outFeatures() + gap(samples);
        MemorySegment addend = spec.epilogue().addend() == null ? null
                : rows(samples, rows, spec.outFeatures(), addendStride);
        Bias bias = samples.bias(spec.outFeatures(), spec.input().scale());
        try (LinearKernel mine = fast.linear(spec, weights, bias);
                LinearKernel theirs = reference.linear(spec, weights, bias)) {
            compare(samples, out, y -> mine.run(rows, x, inputStride, y, out.stride(), addend, addendStride),
                    y -> theirs.run(rows, x, inputStride, y, out.stride(), addend, addendStride),
                    message + ", rows " + rows + ", " + spec);
            MemorySegment back = MemorySegment.ofArray(new byte[(int) weights.byteSize()]);
            mine.unpack(back);
            assertEquals(-1, weights.mismatch(back), message + ": weights");
        }
    }

    /** Ranges of numbers in an array, in bytes aligned to nothing, and outside the heap. */
    public void range(MemorySegment floats, String message) {
        long count = floats.byteSize() / Float.BYTES;
        MemorySegment bytes = MemorySegment.ofArray(new byte[(int) floats.byteSize() + 1]).asSlice(1).copyFrom(floats);
        Range expected = reference.range(count, floats);
        for (MemorySegment from : List.of(floats, bytes, Arena.ofAuto().allocate(floats.byteSize()).copyFrom(floats))) {
            assertEquals(expected, fast.range(count, from), () -> message + ", " + count + " numbers in " + from);
        }
    }

    public void dynamicLinear(Samples samples, long rows, DynamicLinearSpec spec, String message) {
        long inputStride = spec.inFeatures() + gap(samples);
        Rows out = new Rows(DataType.F32, rows, spec.outFeatures(), spec.outFeatures() + gap(samples));
        MemorySegment x = samples.floats((Math.max(rows, 1) - 1) * inputStride + spec.inFeatures(), 3);
        MemorySegment weights = samples.bytes((long) spec.outFeatures() * spec.inFeatures());
        Bias drawn = samples.bias(spec.outFeatures(), 1);
        Bias bias = drawn instanceof Bias.Quantized ? Bias.none() : drawn;
        try (LinearKernel mine = fast.dynamicLinear(spec, weights, bias);
                LinearKernel theirs = reference.dynamicLinear(spec, weights, bias)) {
            compare(samples, out, y -> mine.run(rows, x, inputStride, y, out.stride(), null, 0),
                    y -> theirs.run(rows, x, inputStride, y, out.stride(), null, 0),
                    message + ", rows " + rows + ", " + spec);
        }
    }

    /** The largest input on given weights. */
    void groupedLinear(int rows, GroupedLinearSpec spec, GroupedWeights weights, String message) {
        float[] x = new float[rows * spec.inFeatures()];
        Arrays.fill(x, 127);
        float[] actual = new float[rows * spec.outFeatures()];
        float[] expected = actual.clone();
        try (LinearKernel mine = fast.groupedLinear(spec, weights.segment(), Bias.none());
                LinearKernel theirs = reference.groupedLinear(spec, weights.segment(), Bias.none())) {
            mine.run(rows, MemorySegment.ofArray(x), spec.inFeatures(), MemorySegment.ofArray(actual),
                    spec.outFeatures(), null, 0);
            theirs.run(rows, MemorySegment.ofArray(x), spec.inFeatures(), MemorySegment.ofArray(expected),
                    spec.outFeatures(), null, 0);
        }
        assertArrayEquals(expected, actual, message);
    }

    public void groupedLinear(Samples samples, long rows, GroupedLinearSpec spec, String message) {
        long inputStride = spec.inFeatures() + gap(samples);
        Rows out = new Rows(DataType.F32, rows, spec.outFeatures(), spec.outFeatures() + gap(samples));
        MemorySegment x = samples.floats((Math.max(rows, 1) - 1) * inputStride + spec.inFeatures(), 3);
        samples.spoil(x);
        MemorySegment weights = GroupedWeights.random(samples, spec, samples.random().nextBoolean()).segment();
        Bias drawn = samples.bias(spec.outFeatures(), 1);
        Bias bias = drawn instanceof Bias.Quantized ? Bias.none() : drawn;
        try (LinearKernel mine = fast.groupedLinear(spec, weights, bias);
                LinearKernel theirs = reference.groupedLinear(spec, weights, bias)) {
            compare(samples, out, y -> mine.run(rows, x, inputStride, y, out.stride(), null, 0),
                    y -> theirs.run(rows, x, inputStride, y, out.stride(), null, 0),
                    message + ", rows " + rows + ", " + spec);
            MemorySegment back = MemorySegment.ofArray(new byte[(int) spec.weightBytes()]);
            mine.unpack(back);
            assertEquals(-1, weights.mismatch(back), message + ": weights");
            if (mine.image() != null) {
                var again = (LinearKernel) fast.restore(spec, List.of(bias), mine.image(), () -> { });
                compare(samples, out, y -> again.run(rows, x, inputStride, y, out.stride(), null, 0),
                        y -> theirs.run(rows, x, inputStride, y, out.stride(), null, 0), message + ", restored");
                again.close();
            }
        }
    }

    public void convolution(Samples samples, int batch, Extent in, ConvolutionSpec spec, String message) {
        long inputStride = spec.inChannels() + gap(samples);
        long pixels = batch * spec.outputExtent(in).volume();
        Rows out = new Rows(spec.epilogue().type(), pixels, spec.outChannels(), spec.outChannels() + gap(samples));
        MemorySegment x = rows(samples, batch * in.volume(), spec.inChannels(), inputStride);
        long addendStride = spec.outChannels() + gap(samples);
        MemorySegment addend = spec.epilogue().addend() == null ? null
                : rows(samples, pixels, spec.outChannels(), addendStride);
        MemorySegment weights = samples.bytes(spec.weights());
        Bias bias = samples.bias(spec.outChannels(), spec.input().scale());
        try (ConvolutionKernel mine = fast.convolution(spec, weights, bias);
                ConvolutionKernel theirs = reference.convolution(spec, weights, bias)) {
            compare(samples, out,
                    y -> mine.run(batch, in, x, inputStride, y, out.stride(), addend, addendStride),
                    y -> theirs.run(batch, in, x, inputStride, y, out.stride(), addend, addendStride),
                    message + ", batch " + batch + ", input " + in + ", " + spec);
            MemorySegment back = MemorySegment.ofArray(new byte[(int) weights.byteSize()]);
            mine.unpack(back);
            assertEquals(-1, weights.mismatch(back), message + ": weights");
        }
    }

    public void matmul(Samples samples, int batch, int m, int k, int n, MatmulSpec spec, String message) {
        long left = k + gap(samples);
        long right = n + gap(samples);
        long output = n + gap(samples);
        MatrixBatch shape = new MatrixBatch(batch, m, k, n, m * left, left, k * right, right, m * output, output);
        MemorySegment a = samples.bytes((long) batch * m * left);
        MemorySegment b = samples.bytes((long) batch * k * right);
        Rows out = new Rows(spec.epilogue().type(), (long) batch * m, n, output);
        try (MatmulKernel mine = fast.matmul(spec); MatmulKernel theirs = reference.matmul(spec)) {
            compare(samples, out, y -> mine.run(shape, a, b, y), y -> theirs.run(shape, a, b, y),
                    message + ", " + shape + ", " + spec);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.SoftmaxSpec;
import io.jquant.spi.Numerics;
import io.jquant.spi.RowKernel;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The softmax of {@link ReferenceSoftmax}, its exponentials looked up: of 8-bit integers there are 256 for every
 * largest element that a row may have.
 */
public final class TabledSoftmax implements RowKernel {
    private static final int VALUES = 256;

    private final int size;
    private final Affine input;
    private final Affine output;
    private final float inverseScale;
    /** For each largest element, as u8, the exponentials of all elements, as u8; made when first wanted. */
    private final AtomicReferenceArray<float[]> exponentials = new AtomicReferenceArray<>(VALUES);

    private TabledSoftmax(SoftmaxSpec spec) {
        size = spec.size();
        input = Affine.of(spec.input());
        output = Affine.of(spec.output());
        inverseScale = 1.0f / output.scale();
    }

    /**
     * The kernel for a softmax.
     *
     * @param numerics the engine's formulas
     * @param spec the softmax
     * @return the kernel
     */
    public static RowKernel of(Numerics numerics, SoftmaxSpec spec) {
        return ReferenceSoftmax.isOfIntegers(numerics, spec) ? ReferenceSoftmax.of(numerics, spec)
                : new TabledSoftmax(spec);
    }

    @Override
    public void run(long rows, MemorySegment inputSegment, MemorySegment outputSegment) {
        for (long begin = 0; begin < rows * size; begin += size) {
            float[] table = table(ReferenceSoftmax.max(input, inputSegment, begin, size));
            double sum = 0;
            for (int i = 0; i < size; i++) {
                sum += table[input.get(inputSegment, begin + i) & 0xFF];
            }
            float total = (float) sum;
            for (int i = 0; i < size; i++) {
                float part = table[input.get(inputSegment, begin + i) & 0xFF] / total;
                output.set(outputSegment, begin + i, output.saturate(part * inverseScale));
            }
        }
    }

    private float[] table(int max) {
        float[] made = exponentials.get(max & 0xFF);
        if (made == null) {
            made = new float[VALUES];
            float largest = input.dequantize(max);
            for (int value = input.type().min(); value <= max; value++) {
                made[value & 0xFF] = RealFunctions.exp(input.dequantize(value) - largest);
            }
            exponentials.set(max & 0xFF, made);
        }
        return made;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.LayerNormSpec;
import io.jquant.spi.RowKernel;
import java.lang.foreign.MemorySegment;

/**
 * Layer norm in the order of aten's quantized_normalize: exact integer sums of {@code q} and {@code q^2}, of which
 * {@link LayerNormRow} makes mean and variance, then one multiplication and addition an element. Both numerics.
 */
final class ReferenceLayerNorm implements RowKernel {
    private final LayerNormSpec spec;
    private final Affine input;
    private final Affine output;

    ReferenceLayerNorm(LayerNormSpec spec) {
        this.spec = spec;
        input = Affine.of(spec.input());
        output = Affine.of(spec.output());
    }

    @Override
    public void run(long rows, MemorySegment inputSegment, MemorySegment outputSegment) {
        for (long row = 0; row < rows; row++) {
            normalize(row * spec.size(), inputSegment, outputSegment);
        }
    }

    private void normalize(long begin, MemorySegment inputSegment, MemorySegment outputSegment) {
        long sum = 0;
        long sumOfSquares = 0;
        for (int i = 0; i < spec.size(); i++) {
            int q = input.get(inputSegment, begin + i);
            sum += q;
            sumOfSquares += (long) q * q;
        }
        float mean = LayerNormRow.mean(spec, sum);
        float factor = LayerNormRow.factor(spec, sum, sumOfSquares);
        for (int i = 0; i < spec.size(); i++) {
            float steps = (float) (input.get(inputSegment, begin + i) - input.zeroPoint());
            float gamma = spec.gamma() == null ? 1.0f : spec.gamma().get(i);
            float beta = spec.beta() == null ? 0.0f : spec.beta().get(i);
            output.set(outputSegment, begin + i, output.quantize((steps - mean) * factor * gamma + beta));
        }
    }
}

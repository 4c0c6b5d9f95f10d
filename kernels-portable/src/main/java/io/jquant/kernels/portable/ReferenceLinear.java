// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.Bias;
import io.jquant.LinearSpec;
import io.jquant.spi.LinearKernel;
import io.jquant.spi.Numerics;
import java.lang.foreign.MemorySegment;

/** A fully connected layer on quantized input, by definition. */
final class ReferenceLinear implements LinearKernel {
    private final LinearSpec spec;
    private final CenteredWeights weights;
    private final Requantization requantization;

    ReferenceLinear(Numerics numerics, LinearSpec spec, MemorySegment weights, Bias bias) {
        this.spec = spec;
        this.weights = CenteredWeights.matrix(spec.outFeatures(), spec.inFeatures(), spec.weight(), weights);
        this.requantization = new Requantization(numerics, spec.input(), spec.weight(), spec.outFeatures(),
                spec.epilogue(), bias);
    }

    @Override
    public void run(long rows, MemorySegment input, long inputStride, MemorySegment output, long outputStride,
            MemorySegment addend, long addendStride) {
        Centered centered = Centered.of(spec.input(), 0);
        short[] features = new short[spec.inFeatures()];
        for (long row = 0; row < rows; row++) {
            centered.load(input, row * inputStride, features, 0, features.length);
            for (int o = 0; o < spec.outFeatures(); o++) {
                requantization.store(weights.dot(o, features), o, output, row * outputStride + o, addend,
                        row * addendStride + o);
            }
        }
    }

    @Override
    public void unpack(MemorySegment to) {
        weights.unpack(to);
    }
}

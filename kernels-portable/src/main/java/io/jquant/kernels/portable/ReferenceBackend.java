// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.Bias;
import io.jquant.ConvolutionSpec;
import io.jquant.DynamicLinearSpec;
import io.jquant.EmbeddingBagSpec;
import io.jquant.LinearSpec;
import io.jquant.MatmulSpec;
import io.jquant.ParameterChoice;
import io.jquant.QuantizationParameters;
import io.jquant.RecurrentSpec;
import io.jquant.spi.ConvolutionKernel;
import io.jquant.spi.EmbeddingBagKernel;
import io.jquant.spi.EngineBackend;
import io.jquant.spi.EngineConfiguration;
import io.jquant.spi.LinearKernel;
import io.jquant.spi.MatmulKernel;
import io.jquant.spi.Numerics;
import io.jquant.spi.Range;
import io.jquant.spi.RecurrentKernel;
import java.lang.foreign.MemorySegment;

/** Every operator by its definition. Faster backends extend this one and override what they have kernels for. */
public class ReferenceBackend implements EngineBackend {
    private final Numerics numerics;
    private final EngineConfiguration configuration;

    /**
     * Opens a backend.
     *
     * @param numerics which formulas it answers to
     * @param configuration how it is to run; the definitions themselves use the caller's thread only
     */
    public ReferenceBackend(Numerics numerics, EngineConfiguration configuration) {
        this.numerics = numerics;
        this.configuration = configuration;
    }

    @Override
    public final Numerics numerics() {
        return numerics;
    }

    /** {@return how the backend is to run} */
    protected final EngineConfiguration configuration() {
        return configuration;
    }

    @Override
    public LinearKernel linear(LinearSpec spec, MemorySegment weights, Bias bias) {
        return new ReferenceLinear(numerics, spec, weights, bias);
    }

    @Override
    public LinearKernel dynamicLinear(DynamicLinearSpec spec, MemorySegment weights, Bias bias) {
        return new ReferenceDynamicLinear(spec, weights, bias);
    }

    @Override
    public ConvolutionKernel convolution(ConvolutionSpec spec, MemorySegment weights, Bias bias) {
        return new ReferenceConvolution(numerics, spec, weights, bias);
    }

    @Override
    public MatmulKernel matmul(MatmulSpec spec) {
        return new ReferenceMatmul(numerics, spec);
    }

    @Override
    public RecurrentKernel recurrent(RecurrentSpec spec, MemorySegment inputWeights, MemorySegment hiddenWeights,
            Bias inputBias, Bias hiddenBias) {
        return new ReferenceRecurrentCell(spec, inputWeights, hiddenWeights, inputBias, hiddenBias);
    }

    @Override
    public EmbeddingBagKernel embeddingBag(EmbeddingBagSpec spec, MemorySegment table) {
        return new ReferenceEmbeddingBag(spec, table);
    }

    @Override
    public Range range(long count, MemorySegment values) {
        return Ranges.of(1, count, values, count);
    }

    @Override
    public QuantizationParameters chooseParameters(Range range, ParameterChoice choice) {
        return ChooseParameters.choose(numerics, range, choice);
    }
}

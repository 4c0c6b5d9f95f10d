// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.Bias;
import io.jquant.BinarySpec;
import io.jquant.ConcatSpec;
import io.jquant.ConversionSpec;
import io.jquant.ConvolutionSpec;
import io.jquant.DynamicLinearSpec;
import io.jquant.EmbeddingBagSpec;
import io.jquant.GroupedLinearSpec;
import io.jquant.LayerNormSpec;
import io.jquant.LinearSpec;
import io.jquant.MatmulSpec;
import io.jquant.MovementSpec;
import io.jquant.ParameterChoice;
import io.jquant.PoolingSpec;
import io.jquant.QuantizationParameters;
import io.jquant.RecurrentSpec;
import io.jquant.ResizeSpec;
import io.jquant.SoftmaxSpec;
import io.jquant.UnarySpec;
import io.jquant.VectorScoringSpec;
import io.jquant.spi.BinaryKernel;
import io.jquant.spi.ConcatKernel;
import io.jquant.spi.ConversionKernel;
import io.jquant.spi.ConvolutionKernel;
import io.jquant.spi.EmbeddingBagKernel;
import io.jquant.spi.EngineBackend;
import io.jquant.spi.EngineConfiguration;
import io.jquant.spi.LinearKernel;
import io.jquant.spi.MatmulKernel;
import io.jquant.spi.MovementKernel;
import io.jquant.spi.Numerics;
import io.jquant.spi.Range;
import io.jquant.spi.RecurrentKernel;
import io.jquant.spi.RowKernel;
import io.jquant.spi.SpatialKernel;
import io.jquant.spi.UnaryKernel;
import io.jquant.spi.VectorScoringKernel;
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
    public LinearKernel groupedLinear(GroupedLinearSpec spec, MemorySegment weights, Bias bias) {
        return new ReferenceGroupedLinear(spec, weights, bias);
    }

    @Override
    public ConvolutionKernel convolution(ConvolutionSpec spec, MemorySegment weights, Bias bias) {
        return new ReferenceConvolution(numerics, spec, weights, bias);
    }

    @Override
    public UnaryKernel unary(UnarySpec spec) {
        return new ReferenceUnary(numerics, spec);
    }

    @Override
    public BinaryKernel binary(BinarySpec spec) {
        return new ReferenceBinary(numerics, spec);
    }

    @Override
    public SpatialKernel pooling(PoolingSpec spec) {
        return new ReferencePooling(numerics, spec);
    }

    @Override
    public SpatialKernel resize(ResizeSpec spec) {
        return new ReferenceResize(spec);
    }

    @Override
    public RowKernel softmax(SoftmaxSpec spec) {
        return ReferenceSoftmax.of(numerics, spec);
    }

    @Override
    public RowKernel layerNorm(LayerNormSpec spec) {
        return new ReferenceLayerNorm(spec);
    }

    @Override
    public ConcatKernel concat(ConcatSpec spec) {
        return new ReferenceConcat(spec);
    }

    @Override
    public MovementKernel movement(MovementSpec spec) {
        return new ReferenceMovement(spec);
    }

    @Override
    public ConversionKernel conversion(ConversionSpec spec) {
        return new ReferenceConversion(spec);
    }

    @Override
    public MatmulKernel matmul(MatmulSpec spec) {
        return new ReferenceMatmul(numerics, spec);
    }

    @Override
    public VectorScoringKernel vectorScoring(VectorScoringSpec spec) {
        return new ReferenceVectorScoring(spec);
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

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

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
import io.jquant.PackedSpec;
import io.jquant.PoolingSpec;
import io.jquant.RecurrentSpec;
import io.jquant.SoftmaxSpec;
import io.jquant.UnarySpec;
import io.jquant.VectorScoringSpec;
import io.jquant.kernels.portable.ReferenceBackend;
import io.jquant.kernels.portable.ReferencePooling;
import io.jquant.kernels.portable.ReferenceUnary;
import io.jquant.spi.BinaryKernel;
import io.jquant.spi.ConcatKernel;
import io.jquant.spi.ConversionKernel;
import io.jquant.spi.ConvolutionKernel;
import io.jquant.spi.EmbeddingBagKernel;
import io.jquant.spi.EngineConfiguration;
import io.jquant.spi.FloatKernels;
import io.jquant.spi.LinearKernel;
import io.jquant.spi.MatmulKernel;
import io.jquant.spi.MovementKernel;
import io.jquant.spi.Numerics;
import io.jquant.spi.OperatorKernel;
import io.jquant.spi.PackedImage;
import io.jquant.spi.Range;
import io.jquant.spi.RecurrentKernel;
import io.jquant.spi.RowKernel;
import io.jquant.spi.SpatialKernel;
import io.jquant.spi.UnaryKernel;
import io.jquant.spi.VectorScoringKernel;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The operators that have kernels, and every other by its definition. */
public final class KernelBackend extends ReferenceBackend {
    private final KernelContext context;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Opens a backend.
     *
     * @param numerics which formulas it answers to
     * @param configuration how it is to run
     * @param kernels the kernels to run on; closed with the backend and all that it made
     */
    public KernelBackend(Numerics numerics, EngineConfiguration configuration, KernelSet kernels) {
        super(numerics, configuration);
        this.context = new KernelContext(kernels, configuration);
    }

    @Override
    public LinearKernel linear(LinearSpec spec, MemorySegment weights, Bias bias) {
        return new GemmLinear(context, numerics(), spec, Weights.given(weights), bias);
    }

    @Override
    public LinearKernel dynamicLinear(DynamicLinearSpec spec, MemorySegment weights, Bias bias) {
        return new GemmDynamicLinear(context, spec, Weights.given(weights), bias);
    }

    @Override
    public LinearKernel groupedLinear(GroupedLinearSpec spec, MemorySegment weights, Bias bias) {
        LinearKernel kernel = groupedLinear(spec, Weights.given(weights), bias);
        return kernel == null ? super.groupedLinear(spec, weights, bias) : kernel;
    }

    private LinearKernel groupedLinear(GroupedLinearSpec spec, Weights weights, Bias bias) {
        GroupedKernel kernel = context.kernels().grouped(spec.groupSize(), spec.zeroPoints());
        return kernel == null ? null : new GroupedLinear(context, kernel, spec, weights, bias);
    }

    @Override
    public MatmulKernel matmul(MatmulSpec spec) {
        return new GemmMatmul(context, numerics(), spec);
    }

    @Override
    public ConvolutionKernel convolution(ConvolutionSpec spec, MemorySegment weights, Bias bias) {
        ConvolutionKernel kernel = convolution(spec, Weights.given(weights), bias);
        return kernel == null ? super.convolution(spec, weights, bias) : kernel;
    }

    private ConvolutionKernel convolution(ConvolutionSpec spec, Weights weights, Bias bias) {
        ConvolutionKernel depthwise = DepthwiseConvolution.of(context, numerics(), spec, weights, bias);
        if (depthwise != null) {
            return depthwise;
        }
        // a panel of many columns for one: no gain
        return spec.outChannels() == spec.groups() && spec.groups() > 1 ? null
                : new GemmConvolution(context, numerics(), spec, weights, bias);
    }

    @Override
    public OperatorKernel restore(PackedSpec spec, List<Bias> biases, PackedImage image, Runnable release) {
        Weights weights = Weights.packed(image, release);
        return switch (spec) {
            case LinearSpec linear -> new GemmLinear(context, numerics(), linear, weights, biases.getFirst());
            case DynamicLinearSpec linear -> new GemmDynamicLinear(context, linear, weights, biases.getFirst());
            case GroupedLinearSpec linear -> groupedLinear(linear, weights, biases.getFirst());
            case ConvolutionSpec convolution -> convolution(convolution, weights, biases.getFirst());
            default -> null;
        };
    }

    @Override
    public ConversionKernel conversion(ConversionSpec spec) {
        return RangeConversion.of(context, spec, super.conversion(spec));
    }

    @Override
    public UnaryKernel unary(UnarySpec spec) {
        ReferenceUnary definition = new ReferenceUnary(numerics(), spec);
        RangeKernel kernel = context.kernels().elements().table(definition.table());
        return kernel == null ? definition : new RangeUnary(context, kernel);
    }

    @Override
    public BinaryKernel binary(BinarySpec spec) {
        return PairBinary.of(context, numerics(), spec, super.binary(spec));
    }

    @Override
    public VectorScoringKernel vectorScoring(VectorScoringSpec spec) {
        VectorScoringKernel kernel = context.kernels().vectorScoring(spec);
        return kernel == null ? super.vectorScoring(spec) : kernel;
    }

    @Override
    public RowKernel softmax(SoftmaxSpec spec) {
        RangeKernel kernel = SoftmaxRows.of(context.kernels().elements(), numerics(), spec);
        return kernel == null ? super.softmax(spec) : new RowsOperator(context, kernel, spec.size());
    }

    @Override
    public RowKernel layerNorm(LayerNormSpec spec) {
        RangeKernel kernel = LayerNormRows.of(context.kernels().elements(), spec);
        return kernel == null ? super.layerNorm(spec) : new RowsOperator(context, kernel, spec.size());
    }

    @Override
    public SpatialKernel pooling(PoolingSpec spec) {
        return PoolOperator.of(context, spec, new ReferencePooling(numerics(), spec));
    }

    @Override
    public ConcatKernel concat(ConcatSpec spec) {
        return RangeConcat.of(context, spec, super.concat(spec));
    }

    @Override
    public EmbeddingBagKernel embeddingBag(EmbeddingBagSpec spec, MemorySegment table) {
        return new BagOperator(context, spec, table, context.kernels().elements().bag(spec.bits()));
    }

    @Override
    public RecurrentKernel recurrent(RecurrentSpec spec, MemorySegment inputWeights, MemorySegment hiddenWeights,
            Bias inputBias, Bias hiddenBias) {
        return new GemmRecurrentCell(context, spec, Weights.given(inputWeights), inputBias,
                Weights.given(hiddenWeights), hiddenBias);
    }

    @Override
    public Range range(long count, MemorySegment values) {
        RangeFinder finder = context.kernels().dynamic().range();
        if (finder == null) {
            return super.range(count, values);
        }
        Scratch scratch = context.pool().borrow();
        try {
            float[] range = scratch.range(finder, values, 0, count);
            return range[0] <= range[1] ? new Range(range[0], range[1]) : new Range(0, 0);
        } finally {
            context.pool().giveBack(scratch);
        }
    }

    @Override
    public MovementKernel movement(MovementSpec spec) {
        return spec instanceof MovementSpec.Transpose transpose ? new TransposeMovement(transpose)
                : super.movement(spec);
    }

    @Override
    public FloatKernels floats() {
        return context.kernels().floats();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            context.workers().close();
            context.release();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.spi.EngineBackend;
import io.jquant.spi.Numerics;
import java.lang.foreign.MemorySegment;

/** What an {@link Engine} prepares: arguments are checked here, once for all backends. */
abstract sealed class EngineOperators permits Engine {
    EngineOperators() {
    }

    abstract Numerics numerics();

    /** What prepares operators; refused once the engine is closed. */
    abstract EngineBackend backend();

    /**
     * Packs a fully connected layer.
     *
     * @param spec the layer
     * @param weights {@code [outFeatures][inFeatures]}; copied
     * @param bias the bias
     * @return the layer
     * @throws IllegalArgumentException if an argument is null, too small, or not as said
     */
    public PackedLinear linear(LinearSpec spec, MemorySegment weights, Bias bias) {
        Require.notNull("spec", spec);
        Require.readable("weights", weights, spec.weightBytes());
        Require.notNull("bias", bias).requireChannels(spec.outFeatures());
        return new PackedLinear(spec, bias, numerics(), backend().linear(spec, weights, bias));
    }

    /**
     * Packs a fully connected layer without bias, from quantized numbers to real ones.
     *
     * @param inFeatures columns of the input
     * @param outFeatures columns of the output
     * @param input the input's parameters
     * @param weights {@code [outFeatures][inFeatures]}; copied
     * @return the layer
     * @throws IllegalArgumentException if an argument is null, too small, or not as {@link LinearSpec} says
     */
    public PackedLinear linear(int inFeatures, int outFeatures, QuantizationParameters input, Quantized weights) {
        var spec = new LinearSpec(inFeatures, outFeatures, input, Require.notNull("weights", weights).parameters(),
                Epilogue.floating());
        return linear(spec, weights.elements(), Bias.none());
    }

    /**
     * Packs a fully connected layer on float input.
     *
     * @param spec the layer
     * @param weights {@code [outFeatures][inFeatures]}; copied
     * @param bias the bias: none or real
     * @return the layer
     * @throws IllegalArgumentException if an argument is null, too small, or not as said
     */
    public PackedLinear dynamicLinear(DynamicLinearSpec spec, MemorySegment weights, Bias bias) {
        Require.notNull("spec", spec);
        Require.readable("weights", weights, spec.weightBytes());
        requireReal("bias", bias).requireChannels(spec.outFeatures());
        return new PackedLinear(spec, bias, numerics(), backend().dynamicLinear(spec, weights, bias));
    }

    /**
     * Packs a fully connected layer on float input whose weights have 4 bits.
     *
     * @param spec the layer
     * @param weights weights, scales and zero points as the specification says; copied
     * @param bias the bias: none or real
     * @return the layer
     * @throws IllegalArgumentException if an argument is null, too small, or not as said
     */
    public PackedLinear groupedLinear(GroupedLinearSpec spec, MemorySegment weights, Bias bias) {
        Require.notNull("spec", spec);
        Require.readable("weights", weights, spec.weightBytes());
        requireReal("bias", bias).requireChannels(spec.outFeatures());
        return new PackedLinear(spec, bias, numerics(), backend().groupedLinear(spec, weights, bias));
    }

    /**
     * Packs a convolution.
     *
     * @param spec the convolution
     * @param weights the weights in the specification's order; copied
     * @param bias the bias
     * @return the convolution
     * @throws IllegalArgumentException if an argument is null, too small, or not as said
     */
    public PackedConvolution convolution(ConvolutionSpec spec, MemorySegment weights, Bias bias) {
        Require.notNull("spec", spec);
        Require.readable("weights", weights, spec.weightBytes());
        Require.notNull("bias", bias).requireChannels(spec.outChannels());
        return new PackedConvolution(spec, bias, numerics(), backend().convolution(spec, weights, bias));
    }

    /**
     * Packs a convolution without groups and bias, from quantized numbers to real ones.
     *
     * @param inChannels the input's channels
     * @param outChannels the output's channels
     * @param window the window
     * @param input the input's parameters
     * @param weights {@code [outChannels][inChannels][depth][height][width]}; copied
     * @return the convolution
     * @throws IllegalArgumentException if an argument is null, too small, or not as {@link ConvolutionSpec} says
     */
    public PackedConvolution convolution(int inChannels, int outChannels, Window window, QuantizationParameters input,
            Quantized weights) {
        var spec = ConvolutionSpec.of(inChannels, outChannels, 1, window, input,
                Require.notNull("weights", weights).parameters(), Epilogue.floating());
        return convolution(spec, weights.elements(), Bias.none());
    }

    /**
     * Prepares products of two matrices that both are known only when they run.
     *
     * @param spec what is wanted
     * @return the product
     * @throws IllegalArgumentException if an argument is null, too small, or not as said
     */
    public Matmul matmul(MatmulSpec spec) {
        Require.notNull("spec", spec);
        return new Matmul(spec, backend().matmul(spec));
    }

    /**
     * Prepares a function of every element.
     *
     * @param spec what is wanted
     * @return the function
     * @throws IllegalArgumentException if an argument is null, too small, or not as said
     */
    public Unary unary(UnarySpec spec) {
        Require.notNull("spec", spec);
        return new Unary(backend().unary(spec));
    }

    /**
     * Prepares a function of two elements.
     *
     * @param spec what is wanted
     * @return the function
     * @throws IllegalArgumentException if an argument is null, too small, or not as said
     */
    public Binary binary(BinarySpec spec) {
        Require.notNull("spec", spec);
        return new Binary(backend().binary(spec));
    }

    /**
     * Prepares a pooling.
     *
     * @param spec what is wanted
     * @return the pooling
     * @throws IllegalArgumentException if an argument is null, too small, or not as said
     */
    public Spatial pooling(PoolingSpec spec) {
        Require.notNull("spec", spec);
        return new Spatial(spec.channels(), spec.pooling()::outputExtent, backend().pooling(spec));
    }

    /**
     * Prepares a resize.
     *
     * @param spec what is wanted
     * @return the resize
     * @throws IllegalArgumentException if an argument is null, too small, or not as said
     */
    public Spatial resize(ResizeSpec spec) {
        Require.notNull("spec", spec);
        return new Spatial(spec.channels(), spec::outputExtent, backend().resize(spec));
    }

    /**
     * Prepares a softmax.
     *
     * @param spec what is wanted
     * @return the softmax
     * @throws IllegalArgumentException if an argument is null, too small, or not as said
     */
    public RowWise softmax(SoftmaxSpec spec) {
        Require.notNull("spec", spec);
        return new RowWise(spec.size(), backend().softmax(spec));
    }

    /**
     * Prepares a layer norm.
     *
     * @param spec what is wanted
     * @return the layer norm
     * @throws IllegalArgumentException if an argument is null, too small, or not as said
     */
    public RowWise layerNorm(LayerNormSpec spec) {
        Require.notNull("spec", spec);
        return new RowWise(spec.size(), backend().layerNorm(spec));
    }

    /**
     * Prepares a concatenation.
     *
     * @param spec what is wanted
     * @return the concatenation
     * @throws IllegalArgumentException if an argument is null, too small, or not as said
     */
    public Concat concat(ConcatSpec spec) {
        Require.notNull("spec", spec);
        return new Concat(spec, backend().concat(spec));
    }

    /**
     * Prepares a movement of elements.
     *
     * @param spec what is wanted
     * @return the movement
     * @throws IllegalArgumentException if an argument is null, too small, or not as said
     */
    public Movement movement(MovementSpec spec) {
        Require.notNull("spec", spec);
        return new Movement(spec, backend().movement(spec));
    }

    /**
     * Prepares a conversion between real numbers and quantized ones.
     *
     * @param spec what is wanted
     * @return the conversion
     * @throws IllegalArgumentException if an argument is null, too small, or not as said
     */
    public Conversion conversion(ConversionSpec spec) {
        Require.notNull("spec", spec);
        return new Conversion(spec, backend().conversion(spec));
    }

    /**
     * Prepares scores of one vector against many rows.
     *
     * @param spec what is wanted
     * @return the scoring
     * @throws IllegalArgumentException if an argument is null
     */
    public VectorScoring vectorScoring(VectorScoringSpec spec) {
        Require.notNull("spec", spec);
        return new VectorScoring(spec, backend().vectorScoring(spec));
    }

    /**
     * Packs a recurrent cell.
     *
     * @param spec the cell
     * @param inputWeights {@code [gates * hiddenSize][inputSize]}; copied
     * @param hiddenWeights {@code [gates * hiddenSize][hiddenSize]}; copied
     * @param inputBias what products with the input get added: none or real
     * @param hiddenBias what products with the state get added: none or real
     * @return the cell
     * @throws IllegalArgumentException if an argument is null, too small, or not as said
     */
    public PackedRecurrentCell recurrentCell(RecurrentSpec spec, MemorySegment inputWeights,
            MemorySegment hiddenWeights, Bias inputBias, Bias hiddenBias) {
        Require.notNull("spec", spec);
        Require.readable("inputWeights", inputWeights, spec.inputWeightBytes());
        Require.readable("hiddenWeights", hiddenWeights, spec.hiddenWeightBytes());
        requireReal("inputBias", inputBias).requireChannels(spec.gateRows());
        requireReal("hiddenBias", hiddenBias).requireChannels(spec.gateRows());
        return new PackedRecurrentCell(spec, inputBias, hiddenBias, numerics(),
                backend().recurrent(spec, inputWeights, hiddenWeights, inputBias, hiddenBias));
    }

    /**
     * Packs a table of embeddings.
     *
     * @param spec the table
     * @param table the rows in the specification's format; copied
     * @return the table
     * @throws IllegalArgumentException if an argument is null, too small, or not as said
     */
    public PackedEmbeddingBag embeddingBag(EmbeddingBagSpec spec, MemorySegment table) {
        Require.notNull("spec", spec);
        Require.readable("table", table, spec.weightBytes());
        return new PackedEmbeddingBag(spec, numerics(), backend().embeddingBag(spec, table));
    }

    private static Bias requireReal(String name, Bias bias) {
        Require.that(!(Require.notNull(name, bias) instanceof Bias.Quantized), name, "integers", "none or real");
        return bias;
    }
}

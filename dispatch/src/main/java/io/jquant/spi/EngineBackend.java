// SPDX-License-Identifier: Apache-2.0
package io.jquant.spi;

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
import io.jquant.ParameterChoice;
import io.jquant.PoolingSpec;
import io.jquant.QuantizationParameters;
import io.jquant.RecurrentSpec;
import io.jquant.ResizeSpec;
import io.jquant.SoftmaxSpec;
import io.jquant.UnarySpec;
import io.jquant.VectorScoringSpec;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What an engine can do, without the checks: {@link io.jquant.Engine} checks every argument before it calls a backend.
 * Methods may be called by many threads at once. A backend that has no kernel for an operator throws
 * {@link UnsupportedOperationException}, as the default methods do.
 */
public interface EngineBackend extends AutoCloseable {
    /** {@return which formulas the engine answers to} */
    Numerics numerics();

    /**
     * Packs a fully connected layer.
     *
     * @param spec the layer
     * @param weights {@code [outFeatures][inFeatures]}, only read during this call
     * @param bias the bias, of the output's length
     * @return the kernel
     */
    default LinearKernel linear(LinearSpec spec, MemorySegment weights, Bias bias) {
        throw missing("linear");
    }

    /**
     * Packs a fully connected layer on float input.
     *
     * @param spec the layer
     * @param weights {@code [outFeatures][inFeatures]}, only read during this call
     * @param bias the bias, of the output's length; none or real
     * @return the kernel
     */
    default LinearKernel dynamicLinear(DynamicLinearSpec spec, MemorySegment weights, Bias bias) {
        throw missing("dynamicLinear");
    }

    /**
     * Packs a fully connected layer on float input whose weights have 4 bits.
     *
     * @param spec the layer
     * @param weights weights, scales and zero points as the specification says, only read during this call
     * @param bias the bias, of the output's length; none or real
     * @return the kernel
     */
    default LinearKernel groupedLinear(GroupedLinearSpec spec, MemorySegment weights, Bias bias) {
        throw missing("groupedLinear");
    }

    /**
     * Packs a convolution.
     *
     * @param spec the convolution
     * @param weights the weights in the specification's order, only read during this call
     * @param bias the bias, of the output channels' number
     * @return the kernel
     */
    default ConvolutionKernel convolution(ConvolutionSpec spec, MemorySegment weights, Bias bias) {
        throw missing("convolution");
    }

    /**
     * Makes an operator of weights that a kernel of the same engine, tier and instruction set has packed.
     *
     * @param spec the operator
     * @param biases its biases, those that the kernel was made with
     * @param image what that kernel's {@link OperatorKernel#image} gave; read as long as the new kernel is open
     * @param release to be run once, when the new kernel is closed
     * @return the kernel, of the kind that belongs to the specification; null if this backend keeps no such images
     * @throws IllegalArgumentException if the image is not as this backend would pack the operator; nothing is released
     */
    default OperatorKernel restore(PackedSpec spec, List<Bias> biases, PackedImage image, Runnable release) {
        return null;
    }

    /**
     * Prepares products of two matrices.
     *
     * @param spec the product
     * @return the kernel
     */
    default MatmulKernel matmul(MatmulSpec spec) {
        throw missing("matmul");
    }

    /**
     * Prepares a function of every element.
     *
     * @param spec the function
     * @return the kernel
     */
    default UnaryKernel unary(UnarySpec spec) {
        throw missing("unary");
    }

    /**
     * Prepares a function of two elements.
     *
     * @param spec the function
     * @return the kernel
     */
    default BinaryKernel binary(BinarySpec spec) {
        throw missing("binary");
    }

    /**
     * Prepares a pooling.
     *
     * @param spec the pooling
     * @return the kernel
     */
    default SpatialKernel pooling(PoolingSpec spec) {
        throw missing("pooling");
    }

    /**
     * Prepares a resize.
     *
     * @param spec the resize
     * @return the kernel
     */
    default SpatialKernel resize(ResizeSpec spec) {
        throw missing("resize");
    }

    /**
     * Prepares a softmax.
     *
     * @param spec the softmax
     * @return the kernel
     */
    default RowKernel softmax(SoftmaxSpec spec) {
        throw missing("softmax");
    }

    /**
     * Prepares a layer norm.
     *
     * @param spec the layer norm
     * @return the kernel
     */
    default RowKernel layerNorm(LayerNormSpec spec) {
        throw missing("layerNorm");
    }

    /**
     * Prepares a concatenation.
     *
     * @param spec the concatenation
     * @return the kernel
     */
    default ConcatKernel concat(ConcatSpec spec) {
        throw missing("concat");
    }

    /**
     * Prepares a movement of elements.
     *
     * @param spec the movement
     * @return the kernel
     */
    default MovementKernel movement(MovementSpec spec) {
        throw missing("movement");
    }

    /**
     * Prepares a conversion.
     *
     * @param spec the conversion
     * @return the kernel
     */
    default ConversionKernel conversion(ConversionSpec spec) {
        throw missing("conversion");
    }

    /**
     * Prepares scores of one vector against many rows.
     *
     * @param spec the scoring
     * @return the kernel
     */
    default VectorScoringKernel vectorScoring(VectorScoringSpec spec) {
        throw missing("vectorScoring");
    }

    /**
     * Packs a recurrent cell.
     *
     * @param spec the cell
     * @param inputWeights {@code [gates * hiddenSize][inputSize]}, only read during this call
     * @param hiddenWeights {@code [gates * hiddenSize][hiddenSize]}, only read during this call
     * @param inputBias what the products with the input get added; none or real
     * @param hiddenBias what the products with the state get added; none or real
     * @return the kernel
     */
    default RecurrentKernel recurrent(RecurrentSpec spec, MemorySegment inputWeights, MemorySegment hiddenWeights,
            Bias inputBias, Bias hiddenBias) {
        throw missing("recurrent");
    }

    /**
     * Packs a table of embeddings.
     *
     * @param spec the table
     * @param table the rows, only read during this call
     * @return the kernel
     */
    default EmbeddingBagKernel embeddingBag(EmbeddingBagSpec spec, MemorySegment table) {
        throw missing("embeddingBag");
    }

    /**
     * The smallest and the largest of some numbers; both 0 if there are none.
     *
     * @param count how many
     * @param values f32
     * @return the range; NaN is passed over
     */
    default Range range(long count, MemorySegment values) {
        throw missing("range");
    }

    /**
     * Chooses quantization parameters for a range.
     *
     * @param range the range
     * @param choice how to choose
     * @return the parameters, per tensor
     */
    default QuantizationParameters chooseParameters(Range range, ParameterChoice choice) {
        throw missing("chooseParameters");
    }

    /**
     * Kernels on arrays of floats, which hold nothing outside the heap and live on when the backend is closed.
     *
     * @return the kernels; null where there are none
     */
    default FloatKernels floats() {
        return null;
    }

    /** Frees what the backend holds; kernels that it made live on until they are closed themselves. */
    @Override
    default void close() {
    }

    private UnsupportedOperationException missing(String operator) {
        return new UnsupportedOperationException(getClass().getSimpleName() + " has no operator " + operator);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.work;

import io.jquant.RecurrentSpec;
import io.jquant.bench.work.ElementwiseWork.Kind;
import java.util.Locale;
import java.util.function.Function;

/** The operators that the table knows, each with the class that makes work of a shape. */
public enum Operation {
    /** {@link LinearWork}. */
    LINEAR(LinearWork::of),
    /** {@link DynamicLinearWork}. */
    DYNAMIC_LINEAR(DynamicLinearWork::of),
    /** {@link GroupedLinearWork}. */
    GROUPED_LINEAR(GroupedLinearWork::of),
    /** {@link ConvolutionWork}. */
    CONV(ConvolutionWork::of),
    /** {@link MatmulWork}. */
    MATMUL(MatmulWork::of),
    /** {@link ElementwiseWork}. */
    QUANTIZE(shape -> ElementwiseWork.of(Kind.QUANTIZE, shape)),
    /** {@link ElementwiseWork}. */
    DEQUANTIZE(shape -> ElementwiseWork.of(Kind.DEQUANTIZE, shape)),
    /** {@link ElementwiseWork}. */
    REQUANTIZE(shape -> ElementwiseWork.of(Kind.REQUANTIZE, shape)),
    /** {@link ElementwiseWork}. */
    ADD(shape -> ElementwiseWork.of(Kind.ADD, shape)),
    /** {@link ElementwiseWork}. */
    MULTIPLY(shape -> ElementwiseWork.of(Kind.MULTIPLY, shape)),
    /** {@link ElementwiseWork}. */
    RELU6(shape -> ElementwiseWork.of(Kind.RELU6, shape)),
    /** {@link ElementwiseWork}. */
    SIGMOID(shape -> ElementwiseWork.of(Kind.SIGMOID, shape)),
    /** {@link PoolingWork}. */
    MAX_POOL(shape -> PoolingWork.of(true, shape)),
    /** {@link PoolingWork}. */
    AVERAGE_POOL(shape -> PoolingWork.of(false, shape)),
    /** {@link ResizeWork}. */
    RESIZE(ResizeWork::of),
    /** {@link RowWork}. */
    SOFTMAX(shape -> RowWork.of(true, shape)),
    /** {@link RowWork}. */
    LAYER_NORM(shape -> RowWork.of(false, shape)),
    /** {@link ConcatWork}. */
    CONCAT(ConcatWork::of),
    /** {@link EmbeddingWork}. */
    EMBEDDING_BAG(EmbeddingWork::of),
    /** {@link ScoringWork}. */
    VECTOR_SCORING(ScoringWork::of),
    /** {@link RecurrentWork}. */
    LSTM(shape -> RecurrentWork.of(RecurrentSpec.Cell.LSTM, shape)),
    /** {@link RecurrentWork}. */
    GRU(shape -> RecurrentWork.of(RecurrentSpec.Cell.GRU, shape));

    // method references that hold nothing
    @SuppressWarnings("ImmutableEnumChecker")
    private final Function<String, Workload> maker;

    Operation(Function<String, Workload> maker) {
        this.maker = maker;
    }

    /** {@return the name in the table and in reports, such as {@code max_pool}} */
    public String spelling() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Makes work of a shape.
     *
     * @param shape the shape as the class says
     * @return the work
     * @throws IllegalArgumentException if the shape is not as the class says
     */
    public Workload work(String shape) {
        return maker.apply(shape);
    }
}

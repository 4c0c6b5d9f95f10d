// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/** The kinds of operators that can be saved, with the codes that stand for them in files. */
enum OperatorKind {
    LINEAR(1, 1, PackedLinear.class),
    DYNAMIC_LINEAR(2, 1, PackedLinear.class),
    CONVOLUTION(3, 1, PackedConvolution.class),
    RECURRENT_CELL(4, 2, PackedRecurrentCell.class),
    EMBEDDING_BAG(5, 0, PackedEmbeddingBag.class),
    GROUPED_LINEAR(6, 1, PackedLinear.class);

    private final int code;
    private final int biases;
    private final Class<? extends PackedOperator<?>> operator;

    OperatorKind(int code, int biases, Class<? extends PackedOperator<?>> operator) {
        this.code = code;
        this.biases = biases;
        this.operator = operator;
    }

    int code() {
        return code;
    }

    /** How many biases the operator has. */
    int biases() {
        return biases;
    }

    /** The class whose instances are of this kind. */
    Class<? extends PackedOperator<?>> operator() {
        return operator;
    }

    /** The kind of a code, null for none. */
    static OperatorKind ofCode(int code) {
        for (OperatorKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        return null;
    }

    static OperatorKind of(PackedSpec spec) {
        return switch (spec) {
            case LinearSpec linear -> LINEAR;
            case DynamicLinearSpec linear -> DYNAMIC_LINEAR;
            case ConvolutionSpec convolution -> CONVOLUTION;
            case RecurrentSpec cell -> RECURRENT_CELL;
            case EmbeddingBagSpec bag -> EMBEDDING_BAG;
            case GroupedLinearSpec linear -> GROUPED_LINEAR;
        };
    }
}

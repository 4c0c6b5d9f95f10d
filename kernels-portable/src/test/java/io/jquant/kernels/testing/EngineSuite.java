// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import io.jquant.EngineOptions;
import io.jquant.kernels.testing.golden.GoldenCases;
import org.junit.jupiter.api.Nested;

/**
 * All tests of one engine. A module that provides an engine extends this class by one that is a
 * {@code ParameterizedClass} over {@link EngineMatrix#of}.
 */
public abstract class EngineSuite {
    private final EngineOptions options;

    protected EngineSuite(EngineOptions options) {
        this.options = options;
    }

    @Nested
    class Linear extends LinearCases {
        Linear() {
            super(options);
        }
    }

    @Nested
    class Convolution extends ConvolutionCases {
        Convolution() {
            super(options);
        }
    }

    @Nested
    class MatrixProduct extends MatmulCases {
        MatrixProduct() {
            super(options);
        }
    }

    @Nested
    class DynamicLinear extends DynamicLinearCases {
        DynamicLinear() {
            super(options);
        }
    }

    @Nested
    class GroupedLinear extends GroupedLinearCases {
        GroupedLinear() {
            super(options);
        }
    }

    @Nested
    class RecurrentCell extends RecurrentCases {
        RecurrentCell() {
            super(options);
        }
    }

    @Nested
    class EmbeddingBag extends EmbeddingBagCases {
        EmbeddingBag() {
            super(options);
        }
    }

    @Nested
    class Parameters extends ParameterCases {
        Parameters() {
            super(options);
        }
    }

    @Nested
    class Lifecycle extends LifecycleCases {
        Lifecycle() {
            super(options);
        }
    }

    @Nested
    class Arguments extends ArgumentCases {
        Arguments() {
            super(options);
        }
    }

    @Nested
    class ElementFunction extends UnaryCases {
        ElementFunction() {
            super(options);
        }
    }

    @Nested
    class PairFunction extends BinaryCases {
        PairFunction() {
            super(options);
        }
    }

    @Nested
    class PoolingWindow extends PoolingCases {
        PoolingWindow() {
            super(options);
        }
    }

    @Nested
    class Resizing extends ResizeCases {
        Resizing() {
            super(options);
        }
    }

    @Nested
    class Softmax extends SoftmaxCases {
        Softmax() {
            super(options);
        }
    }

    @Nested
    class LayerNorm extends LayerNormCases {
        LayerNorm() {
            super(options);
        }
    }

    @Nested
    class Concatenation extends ConcatCases {
        Concatenation() {
            super(options);
        }
    }

    @Nested
    class Movement extends MovementCases {
        Movement() {
            super(options);
        }
    }

    @Nested
    class Conversion extends ConversionCases {
        Conversion() {
            super(options);
        }
    }

    @Nested
    class Scoring extends VectorScoringCases {
        Scoring() {
            super(options);
        }
    }

    @Nested
    class SteadyState extends SteadyStateCases {
        SteadyState() {
            super(options);
        }
    }

    @Nested
    class Golden extends GoldenCases {
        Golden() {
            super(options);
        }
    }
}

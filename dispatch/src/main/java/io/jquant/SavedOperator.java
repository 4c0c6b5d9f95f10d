// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import java.lang.foreign.MemorySegment;

/** An operator as it was read, whole and undamaged, until an engine has packed it. */
record SavedOperator(String source, OperatorKind kind, SpecCodec.Description description, GrowingMemory memory)
        implements AutoCloseable {
    /** Packs the operator, which must be of the type wanted. */
    <T> T pack(Engine engine, Class<T> type) throws OperatorFormatException {
        if (!type.isAssignableFrom(kind.operator())) {
            throw new OperatorFormatException(source, "kind = " + kind + ": must be a " + type.getSimpleName());
        }
        try {
            return type.cast(pack(engine, memory.contents()));
        } catch (IllegalArgumentException e) {
            throw new OperatorFormatException(source, e.getMessage(), e);
        }
    }

    private PackedOperator<?> pack(Engine engine, MemorySegment weights) {
        return switch (description.spec()) {
            case LinearSpec spec -> engine.linear(spec, weights, bias(0));
            case DynamicLinearSpec spec -> engine.dynamicLinear(spec, weights, bias(0));
            case ConvolutionSpec spec -> engine.convolution(spec, weights, bias(0));
            case RecurrentSpec spec -> engine.recurrentCell(spec, weights.asSlice(0, spec.inputWeightBytes()),
                    weights.asSlice(spec.inputWeightBytes()), bias(0), bias(1));
            case EmbeddingBagSpec spec -> engine.embeddingBag(spec, weights);
            case GroupedLinearSpec spec -> engine.groupedLinear(spec, weights, bias(0));
        };
    }

    private Bias bias(int index) {
        return description.biases().get(index);
    }

    @Override
    public void close() {
        memory.close();
    }
}

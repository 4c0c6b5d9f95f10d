// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.work;

import io.jquant.Activation;
import io.jquant.Bias;
import io.jquant.DataType;
import io.jquant.DynamicLinearSpec;
import io.jquant.Engine;
import io.jquant.PackedLinear;
import io.jquant.bench.measure.Subject;
import java.lang.foreign.MemorySegment;

/**
 * A fully connected layer on float input that is quantized as it comes. Shapes are {@code MxNxK}.
 *
 * @param rows rows of the input
 * @param spec the layer
 * @param input the input, f32
 * @param weights the weights, {@code [N][K]}
 */
public record DynamicLinearWork(int rows, DynamicLinearSpec spec, MemorySegment input, MemorySegment weights)
        implements DynamicWork {
    static DynamicLinearWork of(String shape) {
        int[] mnk = Operands.numbers(shape, 3);
        return new DynamicLinearWork(mnk[0], new DynamicLinearSpec(mnk[2], mnk[1], Operands.weights(mnk[1], 0),
                Activation.NONE, false, false), Operands.floats((long) mnk[0] * mnk[2], 1),
                Operands.bytes((long) mnk[1] * mnk[2], 2));
    }

    @Override
    public long operations() {
        return 2L * rows * spec.outFeatures() * spec.inFeatures();
    }

    @Override
    public Bound bound() {
        return LinearWork.bound(rows, spec.weightBytes());
    }

    @Override
    public long traffic() {
        return input.byteSize() + weights.byteSize() + (long) rows * spec.outFeatures() * Float.BYTES;
    }

    @Override
    public Subject on(Engine engine) {
        PackedLinear linear = engine.dynamicLinear(spec, weights, Bias.none());
        MemorySegment output = Operands.zeros(DataType.F32, (long) rows * spec.outFeatures());
        return Subject.of(() -> linear.run(rows, input, output), output, linear::close);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.work;

import io.jquant.Bias;
import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.Epilogue;
import io.jquant.LinearSpec;
import io.jquant.PackedLinear;
import io.jquant.bench.measure.Subject;
import java.lang.foreign.MemorySegment;

/**
 * A fully connected layer, u8 x s8 to u8. Shapes are {@code MxNxK}: rows, output features, input features.
 *
 * @param rows rows of the input
 * @param spec the layer
 * @param input the input
 * @param weights the weights, {@code [N][K]}
 */
public record LinearWork(int rows, LinearSpec spec, MemorySegment input, MemorySegment weights) implements ProductWork {
    /** Up to so many rows, reading the weights takes longer than multiplying. */
    static final int MOST_ROWS_OF_READING = 4;

    static LinearWork of(String shape) {
        int[] mnk = Operands.numbers(shape, 3);
        return new LinearWork(mnk[0], new LinearSpec(mnk[2], mnk[1], Operands.INPUT, Operands.weights(mnk[1], 0),
                Epilogue.quantized(Operands.output(mnk[2]))), Operands.bytes((long) mnk[0] * mnk[2], 1),
                Operands.bytes((long) mnk[1] * mnk[2], 2));
    }

    static Bound bound(int rows, long weightBytes) {
        return rows <= MOST_ROWS_OF_READING ? new Reading(weightBytes) : new Arithmetic();
    }

    @Override
    public long operations() {
        return 2L * rows * spec.outFeatures() * spec.inFeatures();
    }

    @Override
    public Bound bound() {
        return bound(rows, spec.weightBytes());
    }

    @Override
    public long traffic() {
        return input.byteSize() + weights.byteSize() + (long) rows * spec.outFeatures();
    }

    @Override
    public Subject on(Engine engine) {
        PackedLinear linear = engine.linear(spec, weights, Bias.none());
        MemorySegment output = Operands.zeros(DataType.U8, (long) rows * spec.outFeatures());
        return Subject.of(() -> linear.run(rows, input, output), output, linear::close);
    }
}

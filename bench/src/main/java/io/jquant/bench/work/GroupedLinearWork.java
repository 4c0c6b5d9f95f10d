// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.work;

import io.jquant.Activation;
import io.jquant.Bias;
import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.GroupedLinearSpec;
import io.jquant.PackedLinear;
import io.jquant.bench.measure.Subject;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A fully connected layer with weights of 4 bits, whose scales are numbers of binary16 as jquant's quantizer writes
 * them. Shapes are {@code MxNxKgG}, with groups of G weights.
 *
 * @param rows rows of the input
 * @param spec the layer
 * @param input the input, f32
 * @param weights weights and scales as the specification says
 */
public record GroupedLinearWork(int rows, GroupedLinearSpec spec, MemorySegment input, MemorySegment weights)
        implements Workload {
    static GroupedLinearWork of(String shape) {
        int groups = shape.indexOf('g');
        int[] mnk = Operands.numbers(shape.substring(0, Math.max(groups, 0)), 3);
        int groupSize = Integer.parseInt(shape, groups + 1, shape.length(), 10);
        GroupedLinearSpec spec = new GroupedLinearSpec(mnk[2], mnk[1], groupSize, false, Activation.NONE);
        MemorySegment weights = Operands.bytes(spec.weightBytes(), 2);
        for (long at = spec.scaleOffset(); at < spec.zeroPointOffset(); at += Float.BYTES) {
            weights.set(ValueLayout.JAVA_FLOAT, at, (1 + at / Float.BYTES % 7 / 8f) / 64);
        }
        return new GroupedLinearWork(mnk[0], spec, Operands.floats((long) mnk[0] * mnk[2], 1), weights);
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
    public String types() {
        return "f32u4f32";
    }

    @Override
    public DataType outputType() {
        return DataType.F32;
    }

    @Override
    public Subject on(Engine engine) {
        PackedLinear linear = engine.groupedLinear(spec, weights, Bias.none());
        MemorySegment output = Operands.zeros(DataType.F32, (long) rows * spec.outFeatures());
        return Subject.of(() -> linear.run(rows, input, output), output, linear::close);
    }
}

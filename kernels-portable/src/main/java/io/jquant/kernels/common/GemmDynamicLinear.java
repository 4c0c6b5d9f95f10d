// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.jquant.Bias;
import io.jquant.DynamicLinearSpec;
import io.jquant.kernels.portable.ChooseParameters;
import io.jquant.kernels.portable.Ranges;
import io.jquant.spi.LinearKernel;
import io.jquant.spi.PackedImage;
import io.jquant.spi.Range;
import java.lang.foreign.MemorySegment;

/** A fully connected layer on float input, quantized while its rows are loaded. */
final class GemmDynamicLinear implements LinearKernel {
    private final DynamicLinearSpec spec;
    private final GemmPlan plan;
    private final DynamicColumns columns;

    GemmDynamicLinear(KernelContext context, DynamicLinearSpec spec, Weights weights, Bias bias) {
        this.spec = spec;
        WeightOrder order = WeightOrder.matrix(spec.inFeatures(), spec.inFeatures(), 1);
        plan = new GemmPlan(context, null, spec.inFeatures(), spec.outFeatures(), new WeightOrder[] {order},
                spec.weight(), weights);
        columns = new DynamicColumns(spec, plan, bias);
    }

    @Override
    public void run(long rows, MemorySegment input, long inputStride, MemorySegment output, long outputStride,
            MemorySegment addend, long addendStride) {
        ScratchPool pool = plan.context().pool();
        Scratch scratch = pool.borrow();
        try {
            MemorySegment scales = scales(rows, input, inputStride, scratch);
            scratch.floatRows().set(input, inputStride, spec.inFeatures(), scales, spec.perRow(),
                    plan.context().kernels().elements().rowQuantizer());
            scratch.dynamicFinisher().set(columns, scales, spec.perRow());
            GemmCall call = scratch.gemm();
            call.multiply(rows, scratch.floatRows(), plan.operands(), null, scratch.dynamicFinisher(),
                    columns.hasZeroPoints());
            call.store(output, 0, outputStride * Float.BYTES, null, 0);
            call.run(plan.context().workers(), scratch);
        } finally {
            pool.giveBack(scratch);
        }
    }

    /** Scale and zero point of every row, or of all. */
    private MemorySegment scales(long rows, MemorySegment input, long stride, Scratch scratch) {
        long count = spec.perRow() ? rows : 1;
        MemorySegment scales = scratch.call().atLeast(Math.max(count, 1) * 2 * Integer.BYTES);
        for (long i = 0; i < count; i++) {
            Range range = range(spec.perRow() ? 1 : rows, input, i * stride, stride, scratch);
            var chosen = ChooseParameters.dynamicInput(range, spec.reduceRange());
            scales.set(JAVA_FLOAT, i * 2 * Integer.BYTES, (float) chosen.scale());
            scales.set(JAVA_INT, (i * 2 + 1) * Integer.BYTES, chosen.zeroPoint());
        }
        return scales;
    }

    private Range range(long rows, MemorySegment input, long first, long stride, Scratch scratch) {
        RangeFinder finder = plan.context().kernels().elements().range();
        if (finder == null) {
            return Ranges.of(rows, spec.inFeatures(), input, first, stride);
        }
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (long row = 0; row < rows; row++) {
            float[] ends = scratch.range(finder, input, (first + row * stride) * Float.BYTES, spec.inFeatures());
            low = Math.min(low, ends[0]);
            high = Math.max(high, ends[1]);
        }
        return low <= high ? new Range(low, high) : new Range(0, 0);
    }

    @Override
    public void unpack(MemorySegment weights) {
        plan.unpack(weights);
    }

    @Override
    public PackedImage image() {
        return plan.image();
    }

    @Override
    public void close() {
        plan.close();
    }
}

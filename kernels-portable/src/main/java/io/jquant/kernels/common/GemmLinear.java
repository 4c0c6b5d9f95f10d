// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.Bias;
import io.jquant.DataType;
import io.jquant.LinearSpec;
import io.jquant.kernels.portable.Requantization;
import io.jquant.spi.LinearKernel;
import io.jquant.spi.Numerics;
import io.jquant.spi.PackedImage;
import java.lang.foreign.MemorySegment;

/** A fully connected layer on quantized input. */
final class GemmLinear implements LinearKernel {
    private final LinearSpec spec;
    private final GemmPlan plan;

    GemmLinear(KernelContext context, Numerics numerics, LinearSpec spec, Weights weights, Bias bias) {
        this.spec = spec;
        Requantization numbers = new Requantization(numerics, spec.input(), spec.weight(), spec.outFeatures(),
                spec.epilogue(), bias);
        OutputStage stage = GemmPlan.stage(spec.epilogue(), numbers, spec.weight(), spec.outFeatures());
        WeightOrder order = WeightOrder.matrix(spec.inFeatures(), spec.inFeatures(), 1);
        plan = new GemmPlan(context, stage, spec.inFeatures(), spec.outFeatures(), new WeightOrder[] {order},
                spec.weight(), weights);
        plan.setTerms(spec.input(), spec.weight(), numbers);
    }

    @Override
    public void run(long rows, MemorySegment input, long inputStride, MemorySegment output, long outputStride,
            MemorySegment addend, long addendStride) {
        ScratchPool pool = plan.context().pool();
        Scratch scratch = pool.borrow();
        try {
            scratch.matrixRows().set(input, 0, inputStride, spec.inFeatures(),
                    spec.input().type() == DataType.S8);
            GemmCall call = scratch.gemm();
            call.multiply(rows, scratch.matrixRows(), plan.operands(), plan.stage(), null,
                    plan.stage().weightZeroPoints());
            call.store(output, 0, outputStride * plan.stage().outputBytes(), addend, addendStride);
            call.run(plan.context().workers(), scratch);
        } finally {
            pool.giveBack(scratch);
        }
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

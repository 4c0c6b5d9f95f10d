// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.jquant.Bias;
import io.jquant.DataType;
import io.jquant.DynamicLinearSpec;
import io.jquant.kernels.portable.ChooseParameters;
import io.jquant.kernels.portable.Ranges;
import io.jquant.spi.LinearKernel;
import io.jquant.spi.PackedImage;
import java.lang.foreign.MemorySegment;

/**
 * A fully connected layer on float input, quantized while its rows are loaded. Where several rows have one scale the
 * columns' terms are worked out once for them, and the kernel stores the output itself; otherwise it scales every row
 * on its own if it can.
 */
final class GemmDynamicLinear implements LinearKernel {
    private static final int SCALE_BYTES = OutputStage.ROW_SCALE_BYTES;
    private static final RangeFinder BY_DEFINITION =
            (values, offset, count, range, _) -> Ranges.widen(values, offset, count, range);

    private final DynamicLinearSpec spec;
    private final GemmPlan plan;
    private final DynamicColumns columns;
    private final OutputStage stage;
    private final GemmKernel storing;
    /** What multiplies rows that have scales of their own; null for none. */
    private final RowScales rowScales;

    /** The weights, with terms that do not depend on rows, for a kernel that scales these. */
    private static final class RowScales implements AutoCloseable {
        private final OutputStage stage;
        private final GemmOperand[] operands = {new GemmOperand()};
        private final OffHeap memory;

        RowScales(GemmPlan plan, OutputStage ofOneScale, DynamicColumns columns) {
            stage = ofOneScale.withRowScales();
            PackedMatrix packed = plan.operands()[0].weights;
            GemmKernel kernel = plan.context().kernels().gemm(new GemmShape(packed.depth(), packed.columns(), true),
                    stage);
            GemmOperand operand = operands[0];
            operand.weights.place(packed.tile(), packed.depth(), packed.columns(), packed.segment(),
                    packed.panelOffset(0));
            operand.kernel = kernel.specialize(packed);
            memory = new OffHeap(ColumnTerms.bytes(stage, packed.paddedColumns()));
            operand.terms.place(memory.segment(), 0, stage, packed.paddedColumns());
            for (int column = 0; column < packed.columns(); column++) {
                operand.terms.set(column, columns.lacking[column], columns.scales[column], columns.biases[column],
                        columns.sums[column]);
            }
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    GemmDynamicLinear(KernelContext context, DynamicLinearSpec spec, Weights weights, Bias bias) {
        this.spec = spec;
        WeightOrder order = WeightOrder.matrix(spec.inFeatures(), spec.inFeatures(), 1);
        plan = new GemmPlan(context, null, spec.inFeatures(), spec.outFeatures(), new WeightOrder[] {order},
                spec.weight(), weights);
        columns = new DynamicColumns(spec, plan, bias);
        // a bias is always added, as the definition does: it makes 0 of -0
        stage = new OutputStage(DataType.F32, 0, columns.min, columns.max, true,
                DynamicColumns.hasZeroPoints(spec.weight(), spec.outFeatures()), null);
        GemmKernel kernel = context.kernels().gemm(new GemmShape(spec.inFeatures(), spec.outFeatures(), true), stage);
        PackedMatrix packed = plan.operands()[0].weights;
        storing = kernel.tile().equals(packed.tile()) ? kernel.specialize(packed) : null;
        rowScales = storing == null || stage.weightZeroPoints() || !context.kernels().scalesRows() ? null
                : new RowScales(plan, stage, columns);
    }

    @Override
    public void run(long rows, MemorySegment input, long inputStride, MemorySegment output, long outputStride,
            MemorySegment addend, long addendStride) {
        ScratchPool pool = plan.context().pool();
        Scratch scratch = pool.borrow();
        try {
            boolean perRow = spec.perRow() && rows != 1;
            long scaleBytes = Math.ceilDiv((perRow ? rows : 1) * SCALE_BYTES, 64) * 64;
            MemorySegment memory = scratch.call().atLeast(scaleBytes + termBytes());
            float largest = findScales(perRow, rows, input, inputStride, memory, scratch);
            boolean finite = columns.areFinite(largest);
            DynamicKernels kernels = plan.context().kernels().dynamic();
            scratch.floatRows().set(input, inputStride, spec.inFeatures(), memory, perRow, kernels.rowQuantizer());
            GemmCall call = scratch.gemm();
            if ((perRow || rows == 1) && rowScales != null && finite) {
                call.multiply(rows, scratch.floatRows(), rowScales.operands, rowScales.stage, null, false);
            } else if (!perRow && storing != null && finite) {
                call.multiply(rows, scratch.floatRows(), storingOperand(memory, scaleBytes, scratch), stage, null,
                        stage.weightZeroPoints());
            } else {
                int panelColumns = plan.operands()[0].weights.tile().columns();
                scratch.dynamicFinisher().set(columns, memory, perRow, kernels.rowScaler(panelColumns));
                call.multiply(rows, scratch.floatRows(), plan.operands(), null, scratch.dynamicFinisher(),
                        stage.weightZeroPoints());
            }
            call.store(output, 0, outputStride * Float.BYTES, null, 0);
            call.run(plan.context().workers(), scratch);
        } finally {
            pool.giveBack(scratch);
        }
    }

    private long termBytes() {
        return ColumnTerms.bytes(stage, plan.operands()[0].weights.paddedColumns());
    }

    /** The weights with the terms of an input whose scale and zero point are at the beginning of a call's memory. */
    private GemmOperand[] storingOperand(MemorySegment memory, long termsAt, Scratch scratch) {
        PackedMatrix packed = plan.operands()[0].weights;
        GemmOperand operand = scratch.operand()[0];
        operand.kernel = storing;
        operand.weights.place(packed.tile(), packed.depth(), packed.columns(), packed.segment(),
                packed.panelOffset(0));
        operand.terms.adopt(memory, termsAt, stage, packed.paddedColumns());
        columns.write(operand.terms, memory.get(JAVA_FLOAT, 0), memory.get(JAVA_INT, Float.BYTES), scratch);
        return scratch.operand();
    }

    /** Finds scale and zero point of every row, or of all; returns the largest scale. */
    private float findScales(boolean perRow, long rows, MemorySegment input, long stride, MemorySegment scales,
            Scratch scratch) {
        RangeFinder kernel = plan.context().kernels().dynamic().range();
        RangeFinder finder = kernel == null ? BY_DEFINITION : kernel;
        // rows that follow each other are one
        boolean together = stride == spec.inFeatures();
        long count = perRow ? rows : 1;
        float largest = 0;
        for (long i = 0; i < count; i++) {
            float low = Float.POSITIVE_INFINITY;
            float high = Float.NEGATIVE_INFINITY;
            long last = perRow ? i + 1 : together ? 1 : rows;
            for (long row = i; row < last; row++) {
                float[] ends = scratch.range(finder, input, row * stride * Float.BYTES,
                        together && !perRow ? rows * stride : spec.inFeatures());
                low = Math.min(low, ends[0]);
                high = Math.max(high, ends[1]);
            }
            boolean any = low <= high;
            long chosen = ChooseParameters.dynamicInput(any ? low : 0, any ? high : 0, spec.reduceRange());
            float scale = ChooseParameters.scale(chosen);
            largest = Math.max(largest, scale);
            scales.set(JAVA_FLOAT, i * SCALE_BYTES, scale);
            scales.set(JAVA_INT, i * SCALE_BYTES + Float.BYTES, ChooseParameters.zeroPoint(chosen));
        }
        return largest;
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
        if (rowScales != null) {
            rowScales.close();
        }
    }
}

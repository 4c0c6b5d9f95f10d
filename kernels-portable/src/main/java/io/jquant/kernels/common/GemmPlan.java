// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.DataType;
import io.jquant.Epilogue;
import io.jquant.QuantizationParameters;
import io.jquant.kernels.portable.Requantization;
import io.jquant.spi.PackedImage;
import java.lang.foreign.MemorySegment;

/** Weights packed for their kernels, with the terms of their columns: one product, or one for every group. */
final class GemmPlan implements AutoCloseable {
    private final KernelContext context;
    private final OutputStage stage;
    private final OffHeap memory;
    private final String layout;
    private final boolean packed;
    private final long sumsAt;
    private final GemmOperand[] operands;
    private final WeightOrder[] orders;
    private final byte flip;
    private final int[] columnSums;
    private final int[] lacking;

    /**
     * Packs weights.
     *
     * @param context kernels and what they share
     * @param stage what becomes of the sums; null if they are wanted raw
     * @param depth terms of a sum
     * @param columns columns of every group
     * @param orders where every group's weights lie
     * @param weight the weights' parameters
     * @param from the weights; what is packed already stays where it is
     * @throws IllegalArgumentException if it is packed otherwise than here
     */
    GemmPlan(KernelContext context, OutputStage stage, int depth, int columns, WeightOrder[] orders,
            QuantizationParameters weight, Weights from) {
        this.stage = stage;
        this.orders = orders;
        this.flip = flip(weight);
        this.operands = new GemmOperand[orders.length];
        this.columnSums = new int[orders.length * columns];
        this.lacking = new int[orders.length * columns];
        GemmKernel kernel = context.kernels().gemm(new GemmShape(depth, columns, true), stage);
        Tile tile = kernel.tile();
        long matrixBytes = Math.ceilDiv(PackedMatrix.bytes(tile, depth, columns), 64) * 64;
        int padded = tile.panels(columns) * tile.columns();
        long bytes = matrixBytes + (stage == null ? 0 : ColumnTerms.bytes(stage, padded));
        layout = "gemm1 " + tile.columns() + "x" + tile.depthUnit() + ", " + orders.length + " of " + depth + "x"
                + columns;
        packed = from.isPacked();
        sumsAt = bytes * orders.length;
        memory = from.memory(layout, sumsAt + 2L * Integer.BYTES * columnSums.length);
        try {
            for (int group = 0; group < orders.length; group++) {
                GemmOperand operand = new GemmOperand();
                operand.weights.place(tile, depth, columns, memory.segment(), group * bytes);
                placeTerms(operand, group * bytes + matrixBytes, padded);
                if (!packed) {
                    pack(group, kernel, operand, from.given());
                }
                operand.kernel = kernel.specialize(operand.weights);
                operands[group] = operand;
            }
            exchangeSums();
        } catch (RuntimeException | Error e) {
            if (!packed) {
                memory.close();
            }
            throw e;
        }
        this.context = context.retain();
    }

    private void placeTerms(GemmOperand operand, long offset, int padded) {
        if (stage != null && packed) {
            operand.terms.adopt(memory.segment(), offset, stage, padded);
        } else if (stage != null) {
            operand.terms.place(memory.segment(), offset, stage, padded);
        }
    }

    /** Reads the columns' sums, or keeps them with the weights that they are computed of. */
    private void exchangeSums() {
        MemorySegment kept = memory.segment().asSlice(sumsAt);
        long half = kept.byteSize() / 2;
        MemorySegment sums = MemorySegment.ofArray(columnSums);
        MemorySegment lack = MemorySegment.ofArray(lacking);
        if (packed) {
            sums.copyFrom(kept.asSlice(0, half));
            lack.copyFrom(kept.asSlice(half));
        } else {
            kept.asSlice(0, half).copyFrom(sums);
            kept.asSlice(half).copyFrom(lack);
        }
    }

    /** The weights as they are packed, with their columns' terms. */
    PackedImage image() {
        return new PackedImage(layout, memory.segment().asReadOnly());
    }

    private void pack(int group, GemmKernel kernel, GemmOperand operand, MemorySegment from) {
        int columns = operand.weights.columns();
        int[] sums = new int[columns];
        Packing.pack(from, orders[group], flip, operand.weights, sums);
        System.arraycopy(sums, 0, columnSums, group * columns, columns);
        for (int column = 0; column < columns; column++) {
            lacking[group * columns + column] = kernel.lacking(operand.weights, column, sums[column]);
        }
    }

    /** What weights are combined with to be s8. */
    static byte flip(QuantizationParameters weight) {
        return weight.type() == DataType.U8 ? ByteRows.FLIP : 0;
    }

    /** The zero point of rows as u8. */
    static int rowZeroPoint(QuantizationParameters input) {
        return input.zeroPoint() + (input.type() == DataType.S8 ? 128 : 0);
    }

    /** The zero point of a column of weights as s8. */
    static int columnZeroPoint(QuantizationParameters weight, int channel) {
        return weight.zeroPoint(channel) - (weight.type() == DataType.U8 ? 128 : 0);
    }

    /** What becomes of the sums, apart from the columns' terms. */
    static OutputStage stage(Epilogue epilogue, Requantization numbers, QuantizationParameters weight, int channels) {
        boolean realBias = false;
        boolean zeroPoints = false;
        for (int channel = 0; channel < channels; channel++) {
            realBias |= numbers.realBias(channel) != 0;
            zeroPoints |= columnZeroPoint(weight, channel) != 0;
        }
        if (epilogue.output() == null) {
            return new OutputStage(epilogue.type(), 0, epilogue.activation().min(), epilogue.activation().max(),
                    realBias, zeroPoints, null);
        }
        int zeroPoint = epilogue.output().zeroPoint();
        OutputStage.Addend addend = epilogue.addend() == null ? null : new OutputStage.Addend(
                epilogue.addend().type() == DataType.S8, epilogue.addend().zeroPoint(), numbers.addendScale());
        return new OutputStage(epilogue.type(), zeroPoint, numbers.min() - zeroPoint, numbers.max() - zeroPoint,
                realBias, zeroPoints, addend);
    }

    /** Sets the columns' terms for an input that is known, where they are not packed with the weights. */
    void setTerms(QuantizationParameters input, QuantizationParameters weight, Requantization numbers) {
        if (packed) {
            return;
        }
        int columns = operands[0].weights.columns();
        int rowZero = rowZeroPoint(input);
        for (int channel = 0; channel < columnSums.length; channel++) {
            int columnZero = columnZeroPoint(weight, channel);
            int initial = numbers.integerBias(channel) + lacking[channel] - rowZero * columnSums[channel]
                    + operands[0].weights.depth() * rowZero * columnZero;
            operands[channel / columns].terms.set(channel % columns, initial, numbers.scale(channel),
                    numbers.realBias(channel), columnZero);
        }
    }

    KernelContext context() {
        return context;
    }

    OutputStage stage() {
        return stage;
    }

    GemmOperand[] operands() {
        return operands;
    }

    int columnSum(int channel) {
        return columnSums[channel];
    }

    /** What the raw sums of a channel lack. */
    int lacking(int channel) {
        return lacking[channel];
    }

    void unpack(MemorySegment to) {
        for (int group = 0; group < operands.length; group++) {
            Packing.unpack(operands[group].weights, orders[group], flip, to);
        }
    }

    @Override
    public void close() {
        memory.close();
        context.release();
    }
}

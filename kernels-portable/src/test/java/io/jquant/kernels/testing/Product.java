// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.DataType;
import io.jquant.kernels.common.ColumnTerms;
import io.jquant.kernels.common.Finisher;
import io.jquant.kernels.common.GemmBlock;
import io.jquant.kernels.common.GemmKernel;
import io.jquant.kernels.common.OutputStage;
import io.jquant.kernels.common.PackedMatrix;
import io.jquant.kernels.common.Scratch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/** Operands of a product with random contents, and what must come out of a kernel on its own. */
public final class Product {
    /** Where an operand lies. */
    public interface Memory {
        MemorySegment take(long bytes);
    }

    private static final byte CANARY = (byte) 0xA5;

    public final OutputStage stage;
    public final GemmBlock block = new GemmBlock();
    private final GemmKernel kernel;
    private final int depth;
    private final int columns;
    private final byte[] weights;
    private final MemorySegment expected;

    /** A product of some size; stride of rows and output are wider if asked for. */
    public Product(Random random, GemmKernel kernel, OutputStage stage, int rows, int columns, int depth, int gap,
            byte[] weights, Memory memory, Scratch scratch) {
        this.kernel = kernel;
        this.stage = stage;
        this.depth = depth;
        this.columns = columns;
        this.weights = weights;
        block.scratch = scratch;
        block.rows = rows;
        block.stage = stage;
        block.aStride = (long) depth + gap;
        block.a = memory.take((rows - 1) * block.aStride + depth);
        fill(random, block.a);
        pack(memory);
        setTerms(random, memory);
        int elementBytes = stage.outputBytes();
        block.outputStride = (long) (columns + gap) * elementBytes;
        block.output = memory.take((rows - 1) * block.outputStride + (long) columns * elementBytes);
        if (stage.addend() != null) {
            block.addendStride = (long) columns + gap;
            block.addend = memory.take((rows - 1) * block.addendStride + columns);
            fill(random, block.addend);
        }
        expected = MemorySegment.ofArray(new byte[Math.toIntExact(block.output.byteSize())]);
        expect();
    }

    /** Bytes of all values, and every so often the extremes. */
    public static byte[] weights(Random random, int columns, int depth) {
        byte[] bytes = new byte[columns * depth];
        random.nextBytes(bytes);
        return bytes;
    }

    /** The same without the smallest, as symmetric quantization makes them. */
    public static byte[] symmetricWeights(Random random, int columns, int depth) {
        byte[] bytes = weights(random, columns, depth);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.max(bytes[i], -127);
        }
        return bytes;
    }

    private static void fill(Random random, MemorySegment segment) {
        byte[] bytes = new byte[Math.toIntExact(segment.byteSize())];
        random.nextBytes(bytes);
        segment.copyFrom(MemorySegment.ofArray(bytes));
    }

    /** Sets all rows to one value. */
    public void setRows(byte value) {
        block.a.fill(value);
        sumRows();
        expect();
    }

    private void pack(Memory memory) {
        long bytes = PackedMatrix.bytes(kernel.tile(), depth, columns);
        MemorySegment segment = offHeap(memory, bytes);
        PackedMatrix matrix = new PackedMatrix().place(kernel.tile(), depth, columns, segment, 0);
        int width = kernel.tile().columns();
        int unit = kernel.tile().depthUnit();
        for (int column = 0; column < columns; column++) {
            long begin = matrix.panelOffset(column / width) + (long) (column % width) * unit;
            for (int k = 0; k < depth; k++) {
                segment.set(JAVA_BYTE, begin + (long) (k / unit) * unit * width + k % unit,
                        weights[column * depth + k]);
            }
        }
        block.b = matrix;
        block.panels = matrix.panels();
    }

    private static MemorySegment offHeap(Memory memory, long bytes) {
        MemorySegment segment = memory.take(bytes);
        return segment.isNative() ? segment.fill((byte) 0) : Arena.ofAuto().allocate(bytes, 64);
    }

    private void setTerms(Random random, Memory memory) {
        int padded = block.b.paddedColumns();
        block.terms = new ColumnTerms().place(offHeap(memory, ColumnTerms.bytes(stage, padded)), 0, stage, padded);
        // a third of the sums' range fills the output's
        float spread = (float) (96 / (Math.sqrt(depth) * 128 * 74));
        for (int column = 0; column < columns; column++) {
            // powers of two make ties
            float multiplier = column % 3 == 0 ? 1f / (1 << Math.getExponent(1 / spread)) : spread;
            block.terms.set(column, random.nextInt(2001) - 1000, multiplier, random.nextInt(401) / 4f - 50,
                    random.nextInt(255) - 128);
        }
        if (stage.weightZeroPoints()) {
            block.rowSums = offHeap(memory, (long) Math.ceilDiv(block.rows, 8) * 64);
            sumRows();
        }
        for (int row = 0; row < block.rows && stage.rowScales(); row++) {
            block.rowSums.set(JAVA_INT, 8L * row, Float.floatToRawIntBits(random.nextFloat() + 0.5f));
            block.rowSums.set(JAVA_INT, 8L * row + 4, random.nextInt(256));
        }
    }

    private void sumRows() {
        for (int row = 0; row < block.rows && stage.weightZeroPoints() && !stage.rowScales(); row++) {
            int sum = 0;
            for (int k = 0; k < depth; k++) {
                sum += input(row, k);
            }
            block.rowSums.set(JAVA_INT, 4L * row, sum);
        }
    }

    private int input(int row, int k) {
        return Byte.toUnsignedInt(block.a.get(JAVA_BYTE, row * block.aStride + k));
    }

    private void expect() {
        GemmBlock wanted = new GemmBlock();
        wanted.rows = block.rows;
        wanted.b = block.b;
        wanted.panels = block.panels;
        wanted.terms = block.terms;
        wanted.stage = stage;
        wanted.rowSums = block.rowSums;
        wanted.addend = block.addend;
        wanted.addendStride = block.addendStride;
        wanted.output = expected.fill(CANARY);
        wanted.outputStride = block.outputStride;
        wanted.sums = sums();
        Finisher.finish(wanted);
    }

    /** What a kernel's sums are before the output stage: without what they lack. */
    private MemorySegment sums() {
        int padded = block.b.paddedColumns();
        int[] sums = new int[block.rows * padded];
        int[] lacking = new int[columns];
        for (int j = 0; j < columns; j++) {
            int sum = 0;
            for (int k = 0; k < depth; k++) {
                sum += weights[j * depth + k];
            }
            lacking[j] = kernel.lacking(block.b, j, sum);
        }
        int[] row = new int[depth];
        for (int i = 0; i < block.rows; i++) {
            for (int k = 0; k < depth; k++) {
                row[k] = input(i, k);
            }
            for (int j = 0; j < columns; j++) {
                int sum = -lacking[j];
                for (int k = 0; k < depth; k++) {
                    sum += row[k] * weights[j * depth + k];
                }
                sums[i * padded + j] = sum;
            }
        }
        return MemorySegment.ofArray(sums);
    }

    /** Runs the kernel and compares every byte, those between the rows too. */
    public void check(GemmKernel kernel, String message) {
        block.output.fill(CANARY);
        kernel.run(block);
        long at = expected.mismatch(block.output);
        if (at >= 0) {
            long row = at / block.outputStride;
            long column = at % block.outputStride / stage.outputBytes();
            assertEquals(expected.get(JAVA_BYTE, at), block.output.get(JAVA_BYTE, at),
                    () -> message + ": " + block.rows + "x" + columns + "x" + depth + " " + stage + ", row " + row
                            + ", column " + column);
        }
    }

    /** A stage of some type, with whatever goes with it. */
    public static OutputStage stage(Random random, DataType type) {
        boolean isQuantized = type == DataType.U8 || type == DataType.S8;
        boolean realBias = type != DataType.S32 && random.nextBoolean();
        boolean weightZeroPoints = random.nextInt(3) == 0;
        if (!isQuantized) {
            boolean bounded = type == DataType.F32 && random.nextBoolean();
            return new OutputStage(type, 0, bounded ? 0 : Float.NEGATIVE_INFINITY,
                    bounded ? 6 : Float.POSITIVE_INFINITY, realBias, weightZeroPoints, null);
        }
        int min = type == DataType.U8 ? 0 : -128;
        int zeroPoint = min + random.nextInt(256);
        boolean relu = random.nextBoolean();
        int high = random.nextInt(4) == 0 ? Math.min(zeroPoint + 77, min + 255) : min + 255;
        OutputStage.Addend addend = random.nextBoolean() ? null
                : new OutputStage.Addend(random.nextBoolean(), random.nextInt(256) - 64, random.nextFloat());
        return new OutputStage(type, zeroPoint, relu ? 0 : min - zeroPoint, high - zeroPoint, realBias,
                weightZeroPoints, addend);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.jquant.kernels.common.ColumnTerms;
import io.jquant.kernels.common.GemmBlock;
import io.jquant.kernels.common.OutputStage;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The {@link OutputStage} in vectors, on sums that hold what their columns begin with, in rows of whole panels. */
final class VectorFinisher {
    // constants of this class, so that the compiler sees them
    private static final VectorSpecies<Float> FLOATS = VectorRows.FLOATS;
    private static final VectorSpecies<Integer> INTS = VectorRows.INTS;
    private static final VectorSpecies<Byte> BYTES = VectorRows.BYTES;
    private static final int LANES = VectorRows.LANES;

    private VectorFinisher() {
    }

    /** Brings the terms of a block's columns into arrays. */
    static void load(GemmBlock block, Workspace space, int columns) {
        ColumnTerms terms = block.terms;
        MemorySegment from = terms.segment();
        long at = (long) block.firstColumn() * Integer.BYTES;
        MemorySegment.copy(from, JAVA_INT, terms.initialOffset() + at, space.initial, 0, columns);
        MemorySegment.copy(from, JAVA_FLOAT, terms.multiplierOffset() + at, space.multipliers, 0, columns);
        if (block.stage.realBias()) {
            MemorySegment.copy(from, JAVA_FLOAT, terms.biasOffset() + at, space.biases, 0, columns);
        } else {
            Arrays.fill(space.biases, 0, columns, 0);
        }
        if (block.stage.weightZeroPoints()) {
            MemorySegment.copy(from, JAVA_INT, terms.weightZeroPointOffset() + at, space.zeroPoints, 0, columns);
        }
    }

    /** Stores some of a block's rows. */
    static void store(GemmBlock block, int firstRow, int rows, Workspace space, int columns) {
        OutputStage stage = block.stage;
        int count = block.columns();
        for (int i = 0; i < rows; i++) {
            int row = firstRow + i;
            int at = i * columns;
            if (stage.weightZeroPoints()) {
                int rowSum = block.rowSums.get(JAVA_INT, block.rowSumsOffset + (long) row * Integer.BYTES);
                subtract(space.sums, at, columns, space.zeroPoints, rowSum);
            }
            long to = block.outputOffset + row * block.outputStride;
            switch (stage.type()) {
                case S32 -> MemorySegment.copy(space.sums, at, block.output, JAVA_INT_UNALIGNED, to, count);
                case F32 -> {
                    floats(space, at, columns, stage.low(), stage.high());
                    MemorySegment.copy(space.values, 0, block.output, JAVA_FLOAT_UNALIGNED, to, count);
                }
                default -> {
                    if (stage.addend() == null) {
                        quantize(space, at, columns, stage);
                    } else {
                        steps(space, at, columns);
                        MemorySegment.copy(block.addend, JAVA_BYTE, block.addendOffset + row * block.addendStride,
                                space.bytes, 0, count);
                        addTo(space, columns, stage.addend());
                        round(space, columns, stage);
                    }
                    MemorySegment.copy(space.bytes, 0, block.output, JAVA_BYTE, to, count);
                }
            }
        }
    }

    private static void subtract(int[] sums, int at, int columns, int[] zeroPoints, int rowSum) {
        for (int j = 0; j < columns; j += LANES) {
            IntVector product = IntVector.fromArray(INTS, zeroPoints, j).mul(rowSum);
            IntVector.fromArray(INTS, sums, at + j).sub(product).intoArray(sums, at + j);
        }
    }

    private static void floats(Workspace space, int at, int columns, float low, float high) {
        float[] values = space.values;
        for (int j = 0; j < columns; j += LANES) {
            FloatVector sum = (FloatVector) IntVector.fromArray(INTS, space.sums, at + j)
                    .convert(VectorOperators.I2F, 0);
            sum.mul(FloatVector.fromArray(FLOATS, space.multipliers, j))
                    .add(FloatVector.fromArray(FLOATS, space.biases, j)).max(low).min(high).intoArray(values, j);
        }
    }

    private static void quantize(Workspace space, int at, int columns, OutputStage stage) {
        int low = Lanes.bound(stage.low());
        int high = Lanes.bound(stage.high());
        int zeroPoint = stage.zeroPoint();
        for (int j = 0; j < columns; j += LANES) {
            FloatVector sum = (FloatVector) IntVector.fromArray(INTS, space.sums, at + j)
                    .convert(VectorOperators.I2F, 0);
            FloatVector steps = sum.add(FloatVector.fromArray(FLOATS, space.biases, j))
                    .mul(FloatVector.fromArray(FLOATS, space.multipliers, j));
            IntVector rounded = steps.add(Lanes.ROUND).reinterpretAsInts().max(low).min(high).add(zeroPoint);
            ((ByteVector) rounded.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(space.bytes, j);
        }
    }

    private static void steps(Workspace space, int at, int columns) {
        float[] values = space.values;
        for (int j = 0; j < columns; j += LANES) {
            FloatVector sum = (FloatVector) IntVector.fromArray(INTS, space.sums, at + j)
                    .convert(VectorOperators.I2F, 0);
            sum.add(FloatVector.fromArray(FLOATS, space.biases, j))
                    .mul(FloatVector.fromArray(FLOATS, space.multipliers, j)).intoArray(values, j);
        }
    }

    private static void addTo(Workspace space, int columns, OutputStage.Addend addend) {
        int mask = addend.signed() ? -1 : 0xFF;
        float[] values = space.values;
        for (int j = 0; j < columns; j += LANES) {
            IntVector quantized = ((IntVector) ByteVector.fromArray(BYTES, space.bytes, j)
                    .convertShape(VectorOperators.B2I, INTS, 0)).and(mask).sub(addend.zeroPoint());
            FloatVector distance = (FloatVector) quantized.convert(VectorOperators.I2F, 0);
            FloatVector.fromArray(FLOATS, values, j).add(distance.mul(addend.ratio())).intoArray(values, j);
        }
    }

    private static void round(Workspace space, int columns, OutputStage stage) {
        int low = Lanes.bound(stage.low());
        int high = Lanes.bound(stage.high());
        int zeroPoint = stage.zeroPoint();
        for (int j = 0; j < columns; j += LANES) {
            FloatVector steps = FloatVector.fromArray(FLOATS, space.values, j);
            IntVector rounded = steps.add(Lanes.ROUND).reinterpretAsInts().max(low).min(high).add(zeroPoint);
            ((ByteVector) rounded.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(space.bytes, j);
        }
    }
}

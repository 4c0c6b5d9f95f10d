// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.kernels.common.GroupedBlock;
import io.jquant.kernels.common.GroupedKernel;
import io.jquant.kernels.common.GroupedLayout;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Layers with weights of 4 bits, a row at a time, by products of 16-bit integers: 16 of 15 * 127 are below 2^15. An
 * integer holds eight terms of a column; shifted and masked, it holds two of them, as the row's terms come in pairs.
 */
final class VectorGrouped implements GroupedKernel {
    private static final VectorSpecies<Integer> INTS = Lanes.INTS;
    private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    private static final VectorSpecies<Short> ZERO_POINTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(INTS.vectorBitSize() / 2));
    private static final int BYTES = INTS.vectorByteSize();
    private static final int COLUMNS = 2 * INTS.length();
    /** Units whose products a 16-bit sum holds. */
    private static final int UNITS = 4;
    private static final int PAIRS = 4;
    private static final int NIBBLES = 0x000F000F;

    @Override
    public int columns() {
        return COLUMNS;
    }

    @Override
    public void run(GroupedBlock block) {
        GroupedLayout layout = block.weights.layout();
        float[] sums = ((Workspace) block.scratch.workspace()).tile;
        int[] terms = block.scratch.ints(layout.groups() * groupInts(layout));
        for (int row = 0; row < block.rowCount; row++) {
            pair(layout, block.rows, block.rowsOffset + row * layout.rowBytes(), terms);
            for (int panel = 0; panel < block.panels; panel++) {
                MemorySegment weights = block.weights.segment();
                sum(layout, weights, block.weights.panelOffset(block.firstPanel + panel), terms, sums);
                finish(weights, block.weights.biasOffset(block.firstPanel + panel), block.min, block.max, sums);
                MemorySegment.copy(sums, 0, block.output, JAVA_FLOAT_UNALIGNED, block.outputOffset
                        + row * block.outputStride + (long) panel * COLUMNS * Float.BYTES, COLUMNS);
            }
        }
    }

    /** Four pairs for every unit, then the scale, then what sums begin with. */
    private static int groupInts(GroupedLayout layout) {
        return layout.groupSize() / GroupedLayout.UNIT * PAIRS + 2;
    }

    /** Brings terms into pairs as they meet in an integer of weights. */
    private static void pair(GroupedLayout layout, MemorySegment rows, long offset, int[] terms) {
        int to = 0;
        for (int group = 0; group < layout.groups(); group++) {
            long record = offset + (long) group * layout.rowRecordBytes();
            for (int i = 0; i < layout.groupSize(); i += GroupedLayout.UNIT) {
                for (int j = 0; j < 2; j++) {
                    terms[to + 2 * j] = pair(rows, record + i + j);
                    terms[to + 2 * j + 1] = pair(rows, record + i + j + 4);
                }
                to += PAIRS;
            }
            terms[to] = Float.floatToRawIntBits(rows.get(JAVA_FLOAT, record + layout.groupSize()));
            terms[to + 1] = rows.get(JAVA_INT, record + layout.groupSize() + Float.BYTES);
            to += 2;
        }
    }

    private static int pair(MemorySegment rows, long at) {
        return (rows.get(JAVA_BYTE, at) & 0xFFFF) | rows.get(JAVA_BYTE, at + 2) << Short.SIZE;
    }

    private static void sum(GroupedLayout layout, MemorySegment weights, long panel, int[] terms, float[] sums) {
        int units = layout.groupSize() / GroupedLayout.UNIT;
        int scales = layout.integerBytes();
        boolean zeroPoints = layout.zeroPoints();
        FloatVector f0 = FloatVector.zero(FLOATS);
        FloatVector f1 = FloatVector.zero(FLOATS);
        long record = panel;
        int at = 0;
        for (int group = 0; group < layout.groups(); group++) {
            int first = terms[at + units * PAIRS + 1];
            IntVector i0 = IntVector.broadcast(INTS, first);
            IntVector i1 = i0;
            if (zeroPoints) {
                long zeros = record + layout.zeroPointOffset();
                i0 = i0.mul(ShortVector.fromMemorySegment(ZERO_POINTS, weights, zeros, LITTLE_ENDIAN)
                        .convertShape(VectorOperators.S2I, INTS, 0));
                i1 = i1.mul(ShortVector.fromMemorySegment(ZERO_POINTS, weights, zeros + BYTES / 2, LITTLE_ENDIAN)
                        .convertShape(VectorOperators.S2I, INTS, 0));
            }
            float scale = Float.intBitsToFloat(terms[at + units * PAIRS]);
            for (int unit = 0; unit < units; unit += UNITS) {
                int last = Math.min(units, unit + UNITS);
                ShortVector s0 = ShortVector.zero(ShortVector.SPECIES_PREFERRED);
                ShortVector s1 = s0;
                for (int u = unit; u < last; u++) {
                    IntVector w0 = IntVector.fromMemorySegment(INTS, weights, record + (long) u * 2 * BYTES,
                            LITTLE_ENDIAN);
                    IntVector w1 = IntVector.fromMemorySegment(INTS, weights, record + (long) u * 2 * BYTES + BYTES,
                            LITTLE_ENDIAN);
                    ShortVector a0 = IntVector.broadcast(INTS, terms[at + PAIRS * u]).reinterpretAsShorts();
                    ShortVector a1 = IntVector.broadcast(INTS, terms[at + PAIRS * u + 1]).reinterpretAsShorts();
                    ShortVector a2 = IntVector.broadcast(INTS, terms[at + PAIRS * u + 2]).reinterpretAsShorts();
                    ShortVector a3 = IntVector.broadcast(INTS, terms[at + PAIRS * u + 3]).reinterpretAsShorts();
                    s0 = s0.add(w0.and(NIBBLES).reinterpretAsShorts().mul(a0));
                    s1 = s1.add(w1.and(NIBBLES).reinterpretAsShorts().mul(a0));
                    s0 = s0.add(w0.lanewise(VectorOperators.LSHR, 4).and(NIBBLES).reinterpretAsShorts().mul(a1));
                    s1 = s1.add(w1.lanewise(VectorOperators.LSHR, 4).and(NIBBLES).reinterpretAsShorts().mul(a1));
                    s0 = s0.add(w0.lanewise(VectorOperators.LSHR, 8).and(NIBBLES).reinterpretAsShorts().mul(a2));
                    s1 = s1.add(w1.lanewise(VectorOperators.LSHR, 8).and(NIBBLES).reinterpretAsShorts().mul(a2));
                    s0 = s0.add(w0.reinterpretAsShorts().lanewise(VectorOperators.LSHR, 12).mul(a3));
                    s1 = s1.add(w1.reinterpretAsShorts().lanewise(VectorOperators.LSHR, 12).mul(a3));
                }
                IntVector both0 = s0.reinterpretAsInts();
                IntVector both1 = s1.reinterpretAsInts();
                i0 = i0.add(both0.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16))
                        .add(both0.lanewise(VectorOperators.ASHR, 16));
                i1 = i1.add(both1.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16))
                        .add(both1.lanewise(VectorOperators.ASHR, 16));
            }
            FloatVector scale0 = FloatVector.fromMemorySegment(FLOATS, weights, record + scales, LITTLE_ENDIAN);
            FloatVector scale1 = FloatVector.fromMemorySegment(FLOATS, weights, record + scales + BYTES, LITTLE_ENDIAN);
            f0 = f0.add(((FloatVector) i0.convert(VectorOperators.I2F, 0)).mul(scale0.mul(scale)));
            f1 = f1.add(((FloatVector) i1.convert(VectorOperators.I2F, 0)).mul(scale1.mul(scale)));
            record += layout.recordBytes();
            at += units * PAIRS + 2;
        }
        f0.intoArray(sums, 0);
        f1.intoArray(sums, FLOATS.length());
    }

    private static void finish(MemorySegment weights, long biases, float min, float max, float[] sums) {
        for (int i = 0; i < COLUMNS; i++) {
            float value = sums[i] + weights.get(JAVA_FLOAT, biases + (long) i * Float.BYTES);
            sums[i] = Math.min(Math.max(value, min), max);
        }
    }
}

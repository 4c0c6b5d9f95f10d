// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.jquant.DataType;
import io.jquant.VectorScoringSpec;
import io.jquant.VectorScoringSpec.Metric;
import io.jquant.spi.VectorScoringKernel;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Scores on the widest vectors of this JVM: bytes become int32 at once, then plain products. */
final class VectorApiScoring implements VectorScoringKernel {
    private final VectorScoringSpec spec;
    private final int whole;

    VectorApiScoring(VectorScoringSpec spec) {
        this.spec = spec;
        // a vector of bytes may be longer than one of integers, and must end where the row does
        int spare = VectorRows.BYTES.length() - VectorRows.LANES;
        whole = Math.max(0, spec.dimension() - spare) / VectorRows.LANES * VectorRows.LANES;
    }

    @Override
    public boolean run(MemorySegment query, MemorySegment rows, long rowCount, MemorySegment ordinals, int count,
            MemorySegment results) {
        for (int i = 0; i < count; i++) {
            int ordinal = ordinals.getAtIndex(JAVA_INT_UNALIGNED, i);
            if (ordinal < 0 || ordinal >= rowCount) {
                return false;
            }
            long row = (long) ordinal * spec.rowStride();
            int first = spec.metric() == Metric.SQUARED_DISTANCE ? distance(query, rows, row)
                    : product(query, rows, row);
            results.setAtIndex(JAVA_INT_UNALIGNED, i, first);
            if (spec.metric() == Metric.PRODUCT_AND_NORM) {
                results.setAtIndex(JAVA_INT_UNALIGNED, (long) count + i, norm(rows, row));
            }
        }
        return true;
    }

    private int product(MemorySegment query, MemorySegment rows, long row) {
        boolean unsigned = spec.rowType() == DataType.U8;
        IntVector sum = IntVector.zero(VectorRows.INTS);
        for (int i = 0; i < whole; i += VectorRows.LANES) {
            ByteVector bytes = ByteVector.fromMemorySegment(VectorRows.BYTES, rows, row + i, ByteOrder.LITTLE_ENDIAN);
            IntVector b = (IntVector) (unsigned
                    ? bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, VectorRows.INTS, 0)
                    : bytes.convertShape(VectorOperators.B2I, VectorRows.INTS, 0));
            sum = sum.add(signed(query, i).mul(b));
        }
        int total = sum.reduceLanes(VectorOperators.ADD);
        for (int i = whole; i < spec.dimension(); i++) {
            byte b = rows.get(JAVA_BYTE, row + i);
            total += query.get(JAVA_BYTE, i) * (unsigned ? Byte.toUnsignedInt(b) : b);
        }
        return total;
    }

    private int distance(MemorySegment query, MemorySegment rows, long row) {
        IntVector sum = IntVector.zero(VectorRows.INTS);
        for (int i = 0; i < whole; i += VectorRows.LANES) {
            IntVector difference = signed(query, i).sub(signed(rows, row + i));
            sum = sum.add(difference.mul(difference));
        }
        int total = sum.reduceLanes(VectorOperators.ADD);
        for (int i = whole; i < spec.dimension(); i++) {
            int difference = query.get(JAVA_BYTE, i) - rows.get(JAVA_BYTE, row + i);
            total += difference * difference;
        }
        return total;
    }

    private int norm(MemorySegment rows, long row) {
        IntVector sum = IntVector.zero(VectorRows.INTS);
        for (int i = 0; i < whole; i += VectorRows.LANES) {
            IntVector b = signed(rows, row + i);
            sum = sum.add(b.mul(b));
        }
        int total = sum.reduceLanes(VectorOperators.ADD);
        for (int i = whole; i < spec.dimension(); i++) {
            int b = rows.get(JAVA_BYTE, row + i);
            total += b * b;
        }
        return total;
    }

    private static IntVector signed(MemorySegment from, long at) {
        return (IntVector) ByteVector.fromMemorySegment(VectorRows.BYTES, from, at, ByteOrder.LITTLE_ENDIAN)
                .convertShape(VectorOperators.B2I, VectorRows.INTS, 0);
    }
}

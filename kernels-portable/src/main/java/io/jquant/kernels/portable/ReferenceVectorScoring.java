// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.jquant.DataType;
import io.jquant.VectorScoringSpec;
import io.jquant.VectorScoringSpec.Metric;
import io.jquant.spi.VectorScoringKernel;
import java.lang.foreign.MemorySegment;

/** The definition of scores: {@link VectorScoringSpec}. */
final class ReferenceVectorScoring implements VectorScoringKernel {
    private final VectorScoringSpec spec;

    ReferenceVectorScoring(VectorScoringSpec spec) {
        this.spec = spec;
    }

    @Override
    public boolean run(MemorySegment query, MemorySegment rows, long rowCount, MemorySegment ordinals, int count,
            MemorySegment results) {
        for (int i = 0; i < count; i++) {
            int ordinal = ordinals.getAtIndex(JAVA_INT_UNALIGNED, i);
            if (ordinal < 0 || ordinal >= rowCount) {
                return false;
            }
            score(query, rows, (long) ordinal * spec.rowStride(), i, count, results);
        }
        return true;
    }

    private void score(MemorySegment query, MemorySegment rows, long row, int index, int count,
            MemorySegment results) {
        int product = 0;
        int norm = 0;
        int distance = 0;
        for (int i = 0; i < spec.dimension(); i++) {
            int a = query.get(JAVA_BYTE, i);
            byte value = rows.get(JAVA_BYTE, row + i);
            int b = spec.rowType() == DataType.U8 ? Byte.toUnsignedInt(value) : value;
            product += a * b;
            norm += b * b;
            distance += (a - b) * (a - b);
        }
        results.setAtIndex(JAVA_INT_UNALIGNED, index, spec.metric() == Metric.SQUARED_DISTANCE ? distance : product);
        if (spec.metric() == Metric.PRODUCT_AND_NORM) {
            results.setAtIndex(JAVA_INT_UNALIGNED, (long) count + index, norm);
        }
    }
}

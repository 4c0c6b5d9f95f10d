// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.jquant.kernels.portable.GroupScale;
import java.lang.foreign.MemorySegment;

/** Makes records of a grouped layer's input: {@link GroupedLayout}. */
final class GroupedRows {
    private GroupedRows() {
    }

    /** Quantizes a group, of which some first terms are there; the others become 0. */
    static void quantize(GroupedLayout layout, MemorySegment input, long offset, int count, MemorySegment rows,
            long record) {
        float largest = GroupScale.largest(input, offset, count);
        float reciprocal = GroupScale.reciprocal(largest);
        int sum = 0;
        for (int i = 0; i < count; i++) {
            byte quantized = GroupScale.quantize(
                    input.get(JAVA_FLOAT_UNALIGNED, offset + (long) i * Float.BYTES), reciprocal);
            rows.set(JAVA_BYTE, record + i, quantized);
            sum += quantized;
        }
        for (int i = count; i < layout.groupSize(); i++) {
            rows.set(JAVA_BYTE, record + i, (byte) 0);
        }
        rows.set(JAVA_FLOAT, record + layout.groupSize(), GroupScale.scale(largest));
        rows.set(JAVA_INT, record + layout.groupSize() + Float.BYTES,
                layout.zeroPoints() ? -sum : -sum * GroupedLayout.ZERO_POINT);
    }
}

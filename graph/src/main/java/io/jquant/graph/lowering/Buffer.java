// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.Extent;
import java.lang.foreign.MemorySegment;

/**
 * A quantized value while a model runs.
 *
 * @param data its bytes
 * @param shape its sizes in the order of memory
 */
// never compared or handed out
@SuppressWarnings("ArrayRecordComponent")
record Buffer(MemorySegment data, int[] shape) {
    long elements() {
        return product(0, shape.length);
    }

    /** The product of some of the sizes. */
    long product(int from, int to) {
        return product(shape, from, to);
    }

    static long product(int[] sizes, int from, int to) {
        long product = 1;
        for (int i = from; i < to; i++) {
            product *= sizes[i];
        }
        return product;
    }

    /** The spatial size of a value in channels-last layout. */
    Extent extent() {
        int rank = shape.length;
        return new Extent(rank > 4 ? shape[rank - 4] : 1, rank > 3 ? shape[rank - 3] : 1, shape[rank - 2]);
    }

    /** The sizes of a value with this one's batch and number of axes. */
    int[] shapeWith(Extent extent, int channels) {
        int[] sizes = shape.clone();
        int rank = sizes.length;
        for (int axis = rank - 2; axis >= 1; axis--) {
            sizes[axis] = extent.get(2 - (rank - 2 - axis));
        }
        sizes[rank - 1] = channels;
        return sizes;
    }
}

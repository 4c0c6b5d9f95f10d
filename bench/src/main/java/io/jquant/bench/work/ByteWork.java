// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.work;

import io.jquant.DataType;

/** Work on u8 that gives u8, with little to compute: copying bounds it. */
public sealed interface ByteWork extends Workload permits ConcatWork, PoolingWork, ResizeWork, RowWork {
    @Override
    default Bound bound() {
        return new Copying(traffic());
    }

    @Override
    default String types() {
        return "u8u8";
    }

    @Override
    default DataType outputType() {
        return DataType.U8;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.work;

import io.jquant.DataType;

/** Products of u8 and s8 that give u8. */
public sealed interface ProductWork extends Workload permits ConvolutionWork, LinearWork, MatmulWork {
    @Override
    default String types() {
        return "u8s8u8";
    }

    @Override
    default DataType outputType() {
        return DataType.U8;
    }
}

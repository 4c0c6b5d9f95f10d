// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.work;

import io.jquant.DataType;

/** Products of f32, quantized as it comes, and s8. */
public sealed interface DynamicWork extends Workload permits DynamicLinearWork, RecurrentWork {
    @Override
    default String types() {
        return "f32s8f32";
    }

    @Override
    default DataType outputType() {
        return DataType.F32;
    }
}

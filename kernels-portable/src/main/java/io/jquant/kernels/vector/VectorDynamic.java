// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import io.jquant.kernels.common.DynamicKernels;
import io.jquant.kernels.common.RangeFinder;
import io.jquant.kernels.common.RowQuantizer;
import io.jquant.kernels.common.RowScaler;

/** The kernels around the product of dynamic layers, which hold nothing. */
final class VectorDynamic implements DynamicKernels {
    private final RangeFinder range = new VectorRangeFinder();
    private final RowQuantizer quantizer = new VectorRowQuantizer();
    private final RowScaler scaler = new VectorRowScaler();

    @Override
    public RangeFinder range() {
        return range;
    }

    @Override
    public RowQuantizer rowQuantizer() {
        return quantizer;
    }

    @Override
    public RowScaler rowScaler(int panelColumns) {
        return panelColumns % VectorRows.LANES == 0 ? scaler : null;
    }
}

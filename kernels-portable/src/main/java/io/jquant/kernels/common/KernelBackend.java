// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.kernels.portable.ReferenceBackend;
import io.jquant.spi.EngineConfiguration;
import io.jquant.spi.Numerics;

/** The operators that have kernels, and every other by its definition. */
public final class KernelBackend extends ReferenceBackend {
    private final KernelSet kernels;

    /**
     * Opens a backend.
     *
     * @param numerics which formulas it answers to
     * @param configuration how it is to run
     * @param kernels the kernels to run on, which the backend closes
     */
    public KernelBackend(Numerics numerics, EngineConfiguration configuration, KernelSet kernels) {
        super(numerics, configuration);
        this.kernels = kernels;
    }

    @Override
    public void close() {
        kernels.close();
    }
}

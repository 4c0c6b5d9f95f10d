// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86;

import io.jquant.cpu.Architecture;
import io.jquant.cpu.CpuInfo;
import io.jquant.kernels.common.KernelEngineProvider;
import io.jquant.spi.Numerics;

/** Engine {@code fbgemm}: the default on x86, and available on every CPU. */
public final class FbgemmEngineProvider extends KernelEngineProvider {
    private static final int AT_HOME = 80;
    private static final int AS_GUEST = 40;

    /** Made by {@link java.util.ServiceLoader}. */
    public FbgemmEngineProvider() {
        super("fbgemm", Numerics.FBGEMM);
    }

    @Override
    public int priority(CpuInfo cpu) {
        return cpu.architecture() == Architecture.X86_64 ? AT_HOME : AS_GUEST;
    }
}

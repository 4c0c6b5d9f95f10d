// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm;

import io.jquant.cpu.Architecture;
import io.jquant.cpu.CpuInfo;
import io.jquant.kernels.common.KernelEngineProvider;
import io.jquant.spi.Numerics;

/** Engine {@code qnnpack}: the default on Arm, and available on every CPU. */
public final class QnnpackEngineProvider extends KernelEngineProvider {
    private static final int AT_HOME = 80;
    private static final int AS_GUEST = 40;

    /** Made by {@link java.util.ServiceLoader}. */
    public QnnpackEngineProvider() {
        super("qnnpack", Numerics.QNNPACK);
    }

    @Override
    public int priority(CpuInfo cpu) {
        return cpu.architecture() == Architecture.AARCH64 ? AT_HOME : AS_GUEST;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.cpu.Architecture;
import io.jquant.cpu.CpuInfo;
import io.jquant.spi.Numerics;
import java.util.List;

/**
 * Engine {@code portable}: the scalar definitions and nothing else, on every CPU. Its numerics are those of the engine
 * that is at home on the CPU: {@code qnnpack}'s on Arm, {@code fbgemm}'s everywhere else.
 */
public final class PortableEngineProvider extends TableProvider {
    private static final int LAST_RESORT = 10;

    /** Made by {@link java.util.ServiceLoader}. */
    public PortableEngineProvider() {
        super("portable", List.of(Row.scalar(
                configuration -> new ReferenceBackend(numerics(configuration.cpu()), configuration))));
    }

    private static Numerics numerics(CpuInfo cpu) {
        return cpu.architecture() == Architecture.AARCH64 ? Numerics.QNNPACK : Numerics.FBGEMM;
    }

    @Override
    public int priority(CpuInfo cpu) {
        return LAST_RESORT;
    }
}

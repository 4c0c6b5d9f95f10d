// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.EngineSelection;
import io.jquant.cpu.CpuInfo;

/** Opens what the {@code jquant.*} properties ask for; a wrong wish is wrong usage. */
final class Engines {
    private Engines() {
    }

    static Engine open() {
        try {
            return Engine.open();
        } catch (IllegalArgumentException e) {
            throw new UsageException(e);
        }
    }

    static EngineSelection select() {
        try {
            return EngineSelection.select(CpuInfo.current(), EngineOptions.fromProperties());
        } catch (IllegalArgumentException e) {
            throw new UsageException(e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import io.jquant.cpu.CpuInfo;
import io.jquant.kernels.portable.ReferenceBackend;
import io.jquant.kernels.portable.TableProvider;
import io.jquant.spi.Numerics;
import java.util.List;

/** The definitions with FBGEMM's numerics, on every CPU. */
public final class ReferenceFbgemmProvider extends TableProvider {
    public ReferenceFbgemmProvider() {
        super("reference-fbgemm",
                List.of(Row.scalar(configuration -> new ReferenceBackend(Numerics.FBGEMM, configuration))));
    }

    @Override
    public int priority(CpuInfo cpu) {
        return -1;
    }
}

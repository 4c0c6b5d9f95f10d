// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.cpu.CpuInfo;
import io.jquant.cpu.Isa;
import io.jquant.spi.Candidate;
import io.jquant.spi.EngineBackend;
import io.jquant.spi.EngineConfiguration;
import io.jquant.spi.EngineProvider;
import io.jquant.spi.Numerics;
import io.jquant.spi.Tier;
import java.util.List;

/** What somebody else's jar would bring: an engine of their own, with nothing of jquant's kernels. */
public final class ThirdPartyProvider implements EngineProvider {
    static final String REASON = "its accelerator is not plugged in";

    /** Made by {@link java.util.ServiceLoader}. */
    public ThirdPartyProvider() {
    }

    @Override
    public String name() {
        return "third-party";
    }

    @Override
    public int priority(CpuInfo cpu) {
        return -2;
    }

    @Override
    public List<Candidate> candidates(CpuInfo cpu) {
        return List.of(new Candidate(Tier.NATIVE_CODE, Isa.SCALAR, new Candidate.Unavailable(REASON)),
                new Candidate(Tier.SCALAR, Isa.SCALAR, new Candidate.Usable()));
    }

    @Override
    public EngineBackend open(EngineConfiguration configuration) {
        return () -> Numerics.QNNPACK;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.cpu.CpuInfo;
import io.jquant.cpu.Isa;
import io.jquant.spi.Candidate;
import io.jquant.spi.Tier;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Offers kernels to the engines, which find it through {@link java.util.ServiceLoader}: every engine runs on every
 * provider's kernels. Making a provider and asking it for its offers must be quick, must not touch what may be missing
 * (a module, native access), and must not throw.
 */
public interface KernelProvider {
    /** {@return what this provider has, on whatever CPU} */
    List<Offer> offers();

    /**
     * Kernels of a tier on an instruction set.
     *
     * @param tier how the kernels are made
     * @param isa the instruction set that they use
     * @param verdict whether they can run on a CPU that has the instruction set; asked only then
     * @param open makes the kernels; called only where the verdict is that they can run
     */
    record Offer(Tier tier, Isa isa, Function<CpuInfo, Candidate.Verdict> verdict, Supplier<KernelSet> open)
            implements Comparable<Offer> {
        /** The best first: tiers are declared so, instruction sets the other way round. */
        @Override
        public int compareTo(Offer other) {
            int byTier = tier.compareTo(other.tier);
            return byTier != 0 ? byTier : other.isa.compareTo(isa);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.spi;

import io.jquant.cpu.Isa;

/**
 * One way in which a provider could run: a tier on an instruction set, and whether it can here.
 *
 * @param tier how the kernels are made
 * @param isa the instruction set that they use
 * @param verdict whether they can run here
 */
public record Candidate(Tier tier, Isa isa, Verdict verdict) {
    /** Whether a candidate can run here. */
    public sealed interface Verdict {
    }

    /** It can. */
    public record Usable() implements Verdict {
    }

    /**
     * The machine cannot run it.
     *
     * @param reason why not
     */
    public record Unsupported(String reason) implements Verdict {
    }

    /**
     * The machine could, but this process may not.
     *
     * @param reason why not, and what to change, such as the flag that is missing
     */
    public record Unavailable(String reason) implements Verdict {
    }

    /** {@return whether it can run here} */
    public boolean isUsable() {
        return verdict instanceof Usable;
    }

    /** {@return why it cannot run here, empty if it can} */
    public String reason() {
        return switch (verdict) {
            case Usable usable -> "";
            case Unsupported unsupported -> unsupported.reason();
            case Unavailable unavailable -> unavailable.reason();
        };
    }

    /**
     * A candidate that can run if the CPU has its instruction set.
     *
     * @param tier how the kernels are made
     * @param isa the instruction set that they use
     * @param whyNot the CPU's reason against it, empty for none
     * @return the candidate
     */
    public static Candidate of(Tier tier, Isa isa, String whyNot) {
        return new Candidate(tier, isa, whyNot.isEmpty() ? new Usable() : new Unsupported(whyNot));
    }
}

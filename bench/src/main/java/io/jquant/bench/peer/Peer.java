// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.peer;

import io.jquant.bench.measure.Subject;
import io.jquant.bench.work.Workload;
import io.jquant.cpu.Isa;
import java.util.Map;
import java.util.Optional;

/** A library that jquant is compared with. Found by the {@link java.util.ServiceLoader}. */
public interface Peer {
    /** {@return the name in reports, such as {@code onednn}} */
    String name();

    /**
     * What must be in the process's environment, before it starts, so that the library uses no more than this.
     *
     * @param cap the instruction set; null for all that the CPU has
     * @param threads how many may work on one call
     * @return variables and their values
     */
    default Map<String, String> environment(Isa cap, int threads) {
        return Map.of();
    }

    /** {@return whether {@link #environment} limits its instruction set} */
    default boolean canBeLimited() {
        return false;
    }

    /**
     * Prepares work: weights are packed here, once.
     *
     * @param work the work
     * @param threads how many may work on one call
     * @return the work, ready to run, its output in the reference's elements; empty where the library cannot do it
     */
    Optional<Subject> prepare(Workload work, int threads);
}

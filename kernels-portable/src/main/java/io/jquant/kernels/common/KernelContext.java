// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.spi.EngineConfiguration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a backend and its operators share: kernels, scratch memory, threads. Operators live on when their backend is
 * closed, so kernels and memory are freed when the last of them is closed; threads end with the backend.
 */
final class KernelContext {
    private final KernelSet kernels;
    private final ScratchPool pool;
    private final Workers workers;
    private final AtomicInteger users = new AtomicInteger(1);

    KernelContext(KernelSet kernels, EngineConfiguration configuration) {
        this.kernels = kernels;
        this.pool = new ScratchPool(kernels);
        this.workers = new Workers(configuration.threads(), configuration.executor(), pool);
    }

    KernelSet kernels() {
        return kernels;
    }

    ScratchPool pool() {
        return pool;
    }

    Workers workers() {
        return workers;
    }

    KernelContext retain() {
        users.incrementAndGet();
        return this;
    }

    void release() {
        if (users.decrementAndGet() == 0) {
            pool.close();
            kernels.close();
        }
    }
}

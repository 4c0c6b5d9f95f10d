// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Scratch memory that is not in use. Not one per thread: of virtual threads there may be any number, while only as many
 * as there are cores compute at a time. Without locks and without allocation.
 */
public final class ScratchPool implements AutoCloseable {
    private static final int KEPT = 64;

    private final AtomicReferenceArray<Scratch> idle = new AtomicReferenceArray<>(KEPT);
    private final KernelSet kernels;
    private volatile boolean closed;

    /**
     * A pool that is empty.
     *
     * @param kernels whose kernels use the memory
     */
    public ScratchPool(KernelSet kernels) {
        this.kernels = kernels;
    }

    /**
     * Takes scratch memory out of the pool.
     *
     * @return memory that no other thread uses until it is given back
     */
    public Scratch borrow() {
        for (int i = 0; i < KEPT; i++) {
            if (idle.getPlain(i) != null) {
                Scratch scratch = idle.getAndSet(i, null);
                if (scratch != null) {
                    return scratch;
                }
            }
        }
        return new Scratch(kernels.workspace());
    }

    /**
     * Puts scratch memory back into the pool.
     *
     * @param scratch what was borrowed
     */
    public void giveBack(Scratch scratch) {
        for (int i = 0; i < KEPT; i++) {
            if (idle.getPlain(i) == null && idle.compareAndSet(i, null, scratch)) {
                if (closed) {
                    close();
                }
                return;
            }
        }
        scratch.free();
    }

    /** Frees what is in the pool now and what comes back to it later. */
    @Override
    public void close() {
        closed = true;
        for (int i = 0; i < KEPT; i++) {
            Scratch scratch = idle.getAndSet(i, null);
            if (scratch != null) {
                scratch.free();
            }
        }
    }
}

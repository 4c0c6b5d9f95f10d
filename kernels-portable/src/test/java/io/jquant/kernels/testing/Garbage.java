// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** What calls leave to the garbage collector. */
final class Garbage {
    private static final int CALLS = 100;

    private Garbage() {
    }

    /** The bytes that a call leaves. */
    static long ofCall(Runnable run) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < CALLS; i++) {
            run.run();
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / CALLS;
    }

    /** The least that a call leaves once the compiler, which other tests may keep busy, has had its time. */
    static long least(Runnable run) {
        long least = Long.MAX_VALUE;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (least > 0 && System.nanoTime() < end) {
            least = Math.min(least, ofCall(run));
        }
        return least;
    }
}

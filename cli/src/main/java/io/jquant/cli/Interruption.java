// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.AtomicFile;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and other polite requests to end: the work that is open asks now and then, and ends at the next good place;
 * the process waits for it a while. What is half written is deleted in any case.
 */
final class Interruption implements AutoCloseable {
    /** The exit status of a process that ends so, as shells have it. */
    static final int STATUS = 130;
    private static final int PATIENCE_SECONDS = 20;

    private static volatile Interruption current;

    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean asked;

    private Interruption() {
    }

    /** From now on, the end of the process waits for the work that is open, and deletes what is half written. */
    static void watch() {
        Runtime.getRuntime().addShutdownHook(new Thread(Interruption::end, "jquant-end"));
    }

    private static void end() {
        Interruption open = current;
        if (open != null) {
            open.asked = true;
            try {
                var _ = open.done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        AtomicFile.deleteUnfinished();
    }

    /** Begins work that asks. */
    static Interruption during() {
        current = new Interruption();
        return current;
    }

    /** {@return whether somebody has asked the process to end} */
    boolean isAsked() {
        return asked;
    }

    @Override
    public void close() {
        current = null;
        done.countDown();
    }
}

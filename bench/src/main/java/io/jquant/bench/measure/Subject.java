// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.measure;

import java.lang.foreign.MemorySegment;

/** Something that can be timed: one call after another, each doing the same. */
public interface Subject extends AutoCloseable {
    /** Does the work once. */
    void run();

    /** {@return what the last call made, in the reference's elements; null where there is nothing to compare} */
    MemorySegment output();

    @Override
    void close();

    /**
     * A subject of a call and what it writes to.
     *
     * @param call the call
     * @param output where it writes
     * @param resource what is closed with the subject
     * @return the subject
     */
    static Subject of(Runnable call, MemorySegment output, Runnable resource) {
        return new Call(call, output, resource);
    }
}

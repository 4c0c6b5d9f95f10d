// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.measure;

import java.lang.foreign.MemorySegment;

/** A subject of one call. */
record Call(Runnable call, MemorySegment output, Runnable resource) implements Subject {
    @Override
    public void run() {
        call.run();
    }

    @Override
    public void close() {
        resource.run();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.kernels.common.CodeRunner;
import java.lang.foreign.MemorySegment;

/** What runs the code: this process's CPU, or in tests another that is imitated. */
interface Machine extends CodeRunner, AutoCloseable {
    /** Runs {@link ScoringCode}, whose arguments these are; returns what it returns. */
    long score(MemorySegment code, MemorySegment query, MemorySegment rows, MemorySegment ordinals,
            MemorySegment results, long count, long rowCount, long toNorms);

    /** Ends what was started to run code. */
    @Override
    default void close() {
    }
}

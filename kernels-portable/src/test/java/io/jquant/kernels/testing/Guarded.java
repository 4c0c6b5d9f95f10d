// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/**
 * An output among canaries: every byte before, between and after its rows holds {@code 0xA5} and must keep it. On the
 * heap or off it, at an odd address.
 */
public final class Guarded {
    private static final byte CANARY = (byte) 0xA5;
    private static final int MARGIN = 71;

    private final MemorySegment all;
    private final long bytes;

    public Guarded(Random random, long bytes) {
        this.bytes = bytes;
        long size = bytes + 2 * MARGIN;
        this.all = random.nextBoolean() ? MemorySegment.ofArray(new byte[Math.toIntExact(size)])
                : Arena.ofAuto().allocate(size);
        all.fill(CANARY);
    }

    /** The output itself. */
    public MemorySegment segment() {
        return all.asSlice(MARGIN, bytes);
    }

    /** Checks that nothing was written but {@code rowBytes} bytes every {@code strideBytes} bytes. */
    public void assertUntouched(long rowBytes, long strideBytes, String message) {
        for (long i = 0; i < all.byteSize(); i++) {
            long at = i - MARGIN;
            boolean within = at >= 0 && at < bytes && at % strideBytes < rowBytes;
            if (!within) {
                long place = at;
                assertEquals(CANARY, all.get(ValueLayout.JAVA_BYTE, i),
                        () -> message + ": byte " + place + " of " + bytes + " was written");
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** What machine code that quantizes groups of a row is told besides its operands: integers of 64 bits. */
public final class GroupRowsArguments {
    /** The first group: an offset, made an address by the code. */
    public static final int FROM = 0;
    /** Its record: an offset, made an address by the code. */
    public static final int TO = 8;
    /** How many groups, 1 or more. */
    public static final int GROUPS = 16;
    /** All of them. */
    public static final int BYTES = 24;

    private GroupRowsArguments() {
    }

    static void write(MemorySegment to, long from, long record, long groups) {
        to.set(JAVA_LONG, FROM, from);
        to.set(JAVA_LONG, TO, record);
        to.set(JAVA_LONG, GROUPS, groups);
    }
}

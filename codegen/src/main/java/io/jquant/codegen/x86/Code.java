// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Bytes under construction, and the places in them that wait for a label. */
final class Code {
    private record Fixup(int at, int bytes, int end, int addend, Label label) {
    }

    private static final int MAX_BYTES = 1 << 24;

    private final List<Fixup> fixups = new ArrayList<>();
    private byte[] bytes = new byte[1024];
    private int size;

    int size() {
        return size;
    }

    void put(int value) {
        if (size == bytes.length) {
            if (size >= MAX_BYTES) {
                throw new IllegalStateException("code of more than " + MAX_BYTES + " bytes");
            }
            bytes = Arrays.copyOf(bytes, 2 * size);
        }
        bytes[size++] = (byte) value;
    }

    /** Appends the low bytes of a value, lowest first. */
    void put(long value, int count) {
        for (int i = 0; i < count; i++) {
            put((int) (value >>> (8 * i)));
        }
    }

    /** Leaves room for the distance from the instruction's end, some bytes behind the room, to a label. */
    void putDistance(Label label, int count, int trailing, int addend) {
        fixups.add(new Fixup(size, count, size + count + trailing, addend, label));
        put(0L, count);
    }

    byte[] finish() {
        byte[] result = Arrays.copyOf(bytes, size);
        for (Fixup fixup : fixups) {
            if (!fixup.label().isBound()) {
                throw new IllegalStateException("label used at byte " + fixup.at() + ": must be bound");
            }
            long distance = (long) fixup.label().position() - fixup.end() + fixup.addend();
            if (fixup.bytes() == 1 ? distance != (byte) distance : distance != (int) distance) {
                throw new IllegalStateException("distance at byte " + fixup.at() + " = " + distance + ": must fit "
                    + fixup.bytes() + " byte(s)");
            }
            for (int i = 0; i < fixup.bytes(); i++) {
                result[fixup.at() + i] = (byte) (distance >>> (8 * i));
            }
        }
        return result;
    }
}

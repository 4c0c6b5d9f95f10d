// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Numbers from little-endian bytes. What is not as {@link Encoder} writes it is refused with an
 * {@link IllegalArgumentException}.
 */
final class Decoder {
    private final ByteBuffer bytes;

    Decoder(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    int getByte() {
        return need("a byte", 1).get() & 0xFF;
    }

    boolean getBoolean() {
        int value = getByte();
        Require.that(value <= 1, "boolean", value, "0 or 1");
        return value == 1;
    }

    int getInt() {
        return need("an integer", Integer.BYTES).getInt();
    }

    long getLong() {
        return need("a long integer", Long.BYTES).getLong();
    }

    float getFloat() {
        return need("a real number", Float.BYTES).getFloat();
    }

    /** A number of values of some bytes each, all of which are there. */
    int getCount(String name, int bytesEach) {
        int count = Math.toIntExact(Require.notNegative(name, getInt()));
        need(name, (long) count * bytesEach);
        return count;
    }

    int[] getInts(int count) {
        int[] values = new int[count];
        need("integers", (long) count * Integer.BYTES).asIntBuffer().get(values);
        bytes.position(bytes.position() + count * Integer.BYTES);
        return values;
    }

    float[] getFloats(int count) {
        float[] values = new float[count];
        need("real numbers", (long) count * Float.BYTES).asFloatBuffer().get(values);
        bytes.position(bytes.position() + count * Float.BYTES);
        return values;
    }

    byte[] getBytes(String name) {
        byte[] values = new byte[getCount(name, 1)];
        bytes.get(values);
        return values;
    }

    String getText(String name) {
        return new String(getBytes(name), StandardCharsets.UTF_8);
    }

    void requireEnd() {
        Require.that(!bytes.hasRemaining(), "bytes after the end", bytes.remaining(), "0");
    }

    private ByteBuffer need(String what, long count) {
        Require.that(count <= bytes.remaining(), "bytes left for " + what, bytes.remaining(), "at least " + count);
        return bytes;
    }
}

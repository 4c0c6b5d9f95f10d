// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Numbers as little-endian bytes. */
final class Encoder {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Encoder putByte(int value) {
        bytes.write(value);
        return this;
    }

    Encoder putBoolean(boolean value) {
        return putByte(value ? 1 : 0);
    }

    Encoder putInt(int value) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            bytes.write(value >>> shift);
        }
        return this;
    }

    Encoder putLong(long value) {
        return putInt((int) value).putInt((int) (value >>> Integer.SIZE));
    }

    Encoder putFloat(float value) {
        return putInt(Float.floatToRawIntBits(value));
    }

    /** A number of bytes, then the bytes. */
    Encoder putBytes(byte[] values) {
        putInt(values.length);
        bytes.writeBytes(values);
        return this;
    }

    Encoder putText(String text) {
        return putBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.golden;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A dense row-major tensor.
 *
 * @param type what its elements are
 * @param shape its sizes; empty for a scalar
 * @param data its elements, little-endian
 */
public record GoldenTensor(Type type, List<Integer> shape, ByteBuffer data) {
    /** Element types. */
    public enum Type {
        /** unsigned bytes. */
        U8(0, 1),
        /** signed bytes. */
        S8(1, 1),
        /** 32-bit integers. */
        S32(2, 4),
        /** 64-bit integers. */
        S64(3, 8),
        /** binary32. */
        F32(4, 4),
        /** binary64. */
        F64(5, 8),
        /** 0 or 1, a byte each. */
        BOOL(6, 1);

        private final int code;
        private final int bytes;

        Type(int code, int bytes) {
            this.code = code;
            this.bytes = bytes;
        }

        private static Type of(int code) throws IOException {
            for (Type type : values()) {
                if (type.code == code) {
                    return type;
                }
            }
            throw new IOException("element type = " + code + ": must be 0..6");
        }
    }

    /**
     * Checks that the data fits the shape.
     *
     * @param type what its elements are
     * @param shape its sizes
     * @param data its elements, little-endian
     */
    public GoldenTensor {
        shape = List.copyOf(shape);
        data = data.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long elements = shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
        if (data.remaining() != elements * type.bytes) {
            throw new IllegalArgumentException(
                    "data = " + data.remaining() + " bytes: must be " + elements * type.bytes + " for shape " + shape);
        }
    }

    /** {@return the number of elements} */
    public int size() {
        return data.limit() / type.bytes;
    }

    /** {@return a copy of the bytes, whatever the type} */
    public byte[] bytes() {
        byte[] bytes = new byte[data.limit()];
        data.get(0, bytes);
        return bytes;
    }

    /** {@return the elements as int; U8 gives 0..255, BOOL 0 or 1} */
    public int[] ints() {
        return Arrays.stream(longs()).mapToInt(Math::toIntExact).toArray();
    }

    /** {@return the elements of an integer tensor} */
    public long[] longs() {
        return IntStream.range(0, size()).mapToLong(this::integer).toArray();
    }

    /** {@return the elements of an F32 tensor} */
    public float[] floats() {
        if (type != Type.F32) {
            throw new IllegalStateException("type = " + type + ": must be F32");
        }
        float[] floats = new float[size()];
        data.asFloatBuffer().get(floats);
        return floats;
    }

    /** {@return the elements as double, whatever the type} */
    public double[] doubles() {
        return IntStream.range(0, size()).mapToDouble(i -> switch (type) {
            case F32 -> data.getFloat(i * 4);
            case F64 -> data.getDouble(i * 8);
            case U8, S8, S32, S64, BOOL -> integer(i);
        }).toArray();
    }

    private long integer(int i) {
        return switch (type) {
            case U8, BOOL -> Byte.toUnsignedInt(data.get(i));
            case S8 -> data.get(i);
            case S32 -> data.getInt(i * 4);
            case S64 -> data.getLong(i * 8);
            case F32, F64 -> throw new IllegalStateException("type = " + type + ": must be an integer type");
        };
    }

    static GoldenTensor read(DataInputStream in) throws IOException {
        Type type = Type.of(in.readUnsignedByte());
        Integer[] shape = new Integer[in.readUnsignedByte()];
        int elements = 1;
        for (int i = 0; i < shape.length; i++) {
            shape[i] = in.readInt();
            elements = Math.multiplyExact(elements, shape[i]);
        }
        byte[] bytes = new byte[Math.multiplyExact(elements, type.bytes)];
        in.readFully(bytes);
        return new GoldenTensor(type, List.of(shape), ByteBuffer.wrap(bytes));
    }

    void write(DataOutputStream out) throws IOException {
        out.writeByte(type.code);
        out.writeByte(shape.size());
        for (int size : shape) {
            out.writeInt(size);
        }
        out.write(bytes());
    }
}

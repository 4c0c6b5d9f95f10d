// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.npy;

import io.jquant.AtomicFile;
import io.jquant.DataType;
import io.jquant.graph.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Writes arrays in NumPy's .npy format, version 1.0, little-endian, C order. */
public final class NpyWriter {
    private static final int ALIGNMENT = 64;
    private static final int PREFIX = 10;

    private NpyWriter() {}

    /**
     * Writes an array to a file, which appears only when it is complete.
     *
     * @param tensor the array, of a type that NumPy has
     * @param file the file, which is replaced if it exists
     * @throws IOException if the file cannot be written; then nothing of it is left
     */
    public static void write(Tensor tensor, Path file) throws IOException {
        byte[] bytes = toBytes(tensor);
        AtomicFile.write(file, out -> out.write(bytes));
    }

    /**
     * An array as the bytes of a file.
     *
     * @param tensor the array, of a type that NumPy has
     * @return the bytes
     */
    public static byte[] toBytes(Tensor tensor) {
        String shape = Arrays.stream(tensor.shape()).mapToObj(Long::toString).collect(Collectors.joining(", "));
        String header = "{'descr': '" + descr(tensor.type()) + "', 'fortran_order': False, 'shape': (" + shape
                + (tensor.rank() == 1 ? ",), }" : "), }");
        int padded = Math.ceilDiv(PREFIX + header.length() + 1, ALIGNMENT) * ALIGNMENT;
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(padded + tensor.byteSize()))
                .order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.ISO_8859_1)).put((byte) 1).put((byte) 0);
        out.putShort((short) (padded - PREFIX)).put(header.getBytes(StandardCharsets.ISO_8859_1));
        while (out.position() < padded - 1) {
            out.put((byte) ' ');
        }
        out.put((byte) '\n');
        switch (tensor.array()) {
            case float[] a -> out.asFloatBuffer().put(a, 0, tensor.count());
            case double[] a -> out.asDoubleBuffer().put(a, 0, tensor.count());
            case int[] a -> out.asIntBuffer().put(a, 0, tensor.count());
            case long[] a -> out.asLongBuffer().put(a, 0, tensor.count());
            case short[] a -> out.asShortBuffer().put(a, 0, tensor.count());
            default -> out.put(tensor.bytes(), 0, tensor.count());
        }
        return out.array();
    }

    private static String descr(DataType type) {
        return switch (type) {
            case BOOL -> "|b1";
            case S8 -> "|i1";
            case U8 -> "|u1";
            case S16 -> "<i2";
            case U16 -> "<u2";
            case S32 -> "<i4";
            case U32 -> "<u4";
            case S64 -> "<i8";
            case U64 -> "<u8";
            case F16 -> "<f2";
            case F32 -> "<f4";
            case F64 -> "<f8";
            default -> throw new IllegalArgumentException("type = " + type + ": NumPy has no such type");
        };
    }
}

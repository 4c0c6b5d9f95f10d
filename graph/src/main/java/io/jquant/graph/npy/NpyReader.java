// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.npy;

import io.jquant.DataType;
import io.jquant.graph.ModelFormatException;
import io.jquant.graph.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads arrays in NumPy's .npy format, versions 1.0 to 3.0: booleans, integers and floats of 1 to 8 bytes, either byte
 * order, C or Fortran order. Objects, strings and structures are refused.
 */
public final class NpyReader {
    private static final int MAGIC_LENGTH = 8;
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LONGEST_HEADER = 1 << 20;

    private NpyReader() {}

    /**
     * Reads an array from a file.
     *
     * @param file the file
     * @return the array
     * @throws ModelFormatException if the file is truncated, corrupt, or of a type that is not supported
     * @throws IOException if the file cannot be read
     */
    public static Tensor read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new ModelFormatException(file.toString(), "is a folder: must be a .npy file");
        }
        if (Files.size(file) > Tensor.MAX_ELEMENTS) {
            throw new ModelFormatException(file.toString(), "has " + Files.size(file)
                    + " bytes: must be smaller than 2 GB");
        }
        return read(Files.readAllBytes(file), file.toString());
    }

    /**
     * Reads an array from memory.
     *
     * @param bytes the contents of a file
     * @param source a name for messages
     * @return the array
     * @throws ModelFormatException if the bytes are truncated, corrupt, or of a type that is not supported
     */
    public static Tensor read(byte[] bytes, String source) throws ModelFormatException {
        if (bytes.length < MAGIC_LENGTH + 2 || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new ModelFormatException(source, "does not begin as a .npy file does");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(MAGIC.length);
        int version = buffer.get();
        int minor = buffer.get();
        if (version < 1 || version > 3) {
            throw new ModelFormatException(source, "is of version " + version + "." + minor
                    + ": must be 1.0, 2.0 or 3.0");
        }
        if (version > 1 && buffer.remaining() < 4) {
            throw new ModelFormatException(source, "is truncated in the header");
        }
        int length = version == 1 ? Short.toUnsignedInt(buffer.getShort()) : buffer.getInt();
        if (length < 0 || length > LONGEST_HEADER || length > buffer.remaining()) {
            throw new ModelFormatException(source, "has a header of " + Integer.toUnsignedLong(length)
                    + " bytes: must be at most " + Math.min(LONGEST_HEADER, buffer.remaining()));
        }
        String text = new String(bytes, buffer.position(), length,
                version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        NpyHeader header = NpyHeader.parse(text, source);
        buffer.position(buffer.position() + length);
        return array(header, buffer, source);
    }

    private static Tensor array(NpyHeader header, ByteBuffer data, String source) throws ModelFormatException {
        DataType type = header.type();
        int count;
        try {
            count = Tensor.count(header.shape());
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(source, e.getMessage(), e);
        }
        long wanted = type.bytes(count);
        if (data.remaining() < wanted) {
            throw new ModelFormatException(source, "is truncated: has " + data.remaining() + " bytes of data, "
                    + type + Arrays.toString(header.shape()) + " needs " + wanted);
        }
        data.order(header.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        Tensor made = Tensor.allocate(type, header.shape());
        switch (made.array()) {
            case float[] a -> data.asFloatBuffer().get(a);
            case double[] a -> data.asDoubleBuffer().get(a);
            case int[] a -> data.asIntBuffer().get(a);
            case long[] a -> data.asLongBuffer().get(a);
            case short[] a -> data.asShortBuffer().get(a);
            default -> data.get(made.bytes());
        }
        return header.fortranOrder() && made.rank() > 1 ? transposed(made) : made;
    }

    /** From first axis fastest to last axis fastest. */
    private static Tensor transposed(Tensor fortran) {
        Tensor made = Tensor.allocate(fortran.type(), fortran.shape());
        int rank = made.rank();
        int[] index = new int[rank];
        boolean floating = made.type().isFloating();
        for (int from = 0; from < made.count(); from++) {
            int to = 0;
            for (int d = 0; d < rank; d++) {
                to = to * made.dim(d) + index[d];
            }
            if (floating) {
                made.setDouble(to, fortran.getDouble(from));
            } else {
                made.setLong(to, fortran.getLong(from));
            }
            for (int d = 0; d < rank && ++index[d] == made.dim(d); d++) {
                index[d] = 0;
            }
        }
        return made;
    }
}

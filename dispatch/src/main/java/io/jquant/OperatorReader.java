// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.spi.Numerics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/** Reads operators in the format that {@link PackedOperator} describes, and believes nothing before its checksum. */
final class OperatorReader {
    private static final long UNKNOWN_SIZE = -1;
    /** What is reserved for weights before any of them has come from a stream. */
    private static final long FIRST_RESERVE = 1 << 20;

    private final String source;
    private final long size;

    /** What a header says. */
    private record Header(OperatorKind kind, int descriptionBytes, long weightBytes) {
        long fileBytes() {
            return OperatorWriter.HEADER_BYTES + descriptionBytes + weightBytes + OperatorWriter.CHECKSUM_BYTES;
        }
    }

    private OperatorReader(String source, long size) {
        this.source = source;
        this.size = size;
    }

    static SavedOperator read(Path file, Numerics numerics) throws IOException {
        String source = file.toString();
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new OperatorFormatException(source,
                    "is a " + (Files.isDirectory(file) ? "directory" : "device or pipe") + ", must be a file");
        }
        // the size is asked of the open file: another process may put a new one in its place meanwhile
        try (FileChannel channel = FileChannel.open(file); InputStream in = Channels.newInputStream(channel)) {
            return new OperatorReader(source, channel.size()).readAll(in, numerics);
        }
    }

    static SavedOperator read(InputStream stream, Numerics numerics) throws IOException {
        return new OperatorReader("stream", UNKNOWN_SIZE).readAll(stream, numerics);
    }

    private SavedOperator readAll(InputStream stream, Numerics numerics) throws IOException {
        CRC32C checksum = new CRC32C();
        InputStream in = new CheckedInputStream(stream, checksum);
        Header header = header(in.readNBytes(OperatorWriter.HEADER_BYTES), numerics);
        byte[] description = in.readNBytes(header.descriptionBytes());
        requireAll("description", description.length, header.descriptionBytes());
        GrowingMemory memory = new GrowingMemory(
                size == UNKNOWN_SIZE ? Math.min(header.weightBytes(), FIRST_RESERVE) : header.weightBytes());
        try {
            requireAll("weights", memory.fill(in, header.weightBytes()), header.weightBytes());
            requireChecksum(stream, (int) checksum.getValue());
            return new SavedOperator(source, header.kind(), describe(header, description), memory);
        } catch (IOException | RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    private Header header(byte[] bytes, Numerics numerics) throws IOException {
        if (bytes.length >= Long.BYTES) {
            long magic = new Decoder(bytes).getLong();
            if (magic != OperatorWriter.MAGIC) {
                throw refuse("magic", hex(Long.reverseBytes(magic)),
                        hex(Long.reverseBytes(OperatorWriter.MAGIC)) + ": this is no saved operator");
            }
        }
        requireAll("header", bytes.length, OperatorWriter.HEADER_BYTES);
        Decoder in = new Decoder(bytes);
        in.getLong();
        int version = in.getInt();
        if (version != OperatorWriter.VERSION) {
            throw refuse("version", Integer.toUnsignedString(version), OperatorWriter.VERSION
                    + ", the only one that this jquant knows");
        }
        int kind = in.getInt();
        if (OperatorKind.ofCode(kind) == null) {
            throw refuse("kind", Integer.toUnsignedString(kind), "1 to " + OperatorKind.values().length
                    + ", the kinds that this jquant knows");
        }
        requireNumerics(in.getInt(), numerics);
        Header header = new Header(OperatorKind.ofCode(kind), in.getInt(), in.getLong());
        requireSize(header);
        return header;
    }

    private void requireNumerics(int code, Numerics wanted) throws IOException {
        for (Numerics numerics : Numerics.values()) {
            if (OperatorWriter.code(numerics) == code) {
                if (numerics != wanted) {
                    throw refuse("numerics", numerics.toString(), wanted + ", those of this engine: other results"
                            + " would come of the same weights");
                }
                return;
            }
        }
        throw refuse("numerics", Integer.toUnsignedString(code), "1 or 2");
    }

    private void requireSize(Header header) throws IOException {
        if (header.descriptionBytes() < 0) {
            throw refuse("description", Integer.toUnsignedString(header.descriptionBytes()) + " bytes", "below 2^31");
        }
        if (header.weightBytes() < 1 || header.weightBytes() > Long.MAX_VALUE / 2) {
            throw refuse("weights", Long.toUnsignedString(header.weightBytes()) + " bytes",
                    "at least 1 and below 2^62");
        }
        if (size != UNKNOWN_SIZE && size != header.fileBytes()) {
            throw refuse("size", size + " bytes", header.fileBytes() + ", as its header says: it is "
                    + (size < header.fileBytes() ? "truncated" : "followed by something else"));
        }
    }

    private void requireAll(String part, long read, long wanted) throws IOException {
        if (read < wanted) {
            throw refuse(part, read + " bytes", wanted + " bytes: it is truncated");
        }
    }

    private void requireChecksum(InputStream stream, int computed) throws IOException {
        byte[] bytes = stream.readNBytes(OperatorWriter.CHECKSUM_BYTES);
        requireAll("checksum", bytes.length, OperatorWriter.CHECKSUM_BYTES);
        int stored = new Decoder(bytes).getInt();
        if (stored != computed) {
            throw refuse("checksum", Integer.toHexString(stored), Integer.toHexString(computed)
                    + ", that of the contents: it is damaged");
        }
        if (stream.read() >= 0) {
            throw refuse("end", "more bytes", "the end: it is followed by something else");
        }
    }

    private SpecCodec.Description describe(Header header, byte[] bytes) throws IOException {
        SpecCodec.Description description;
        try {
            description = SpecCodec.decode(header.kind(), bytes);
            long weightBytes = description.spec().weightBytes();
            Require.that(header.weightBytes() == weightBytes, "weights", header.weightBytes() + " bytes",
                    weightBytes + " bytes, as the specification says");
        } catch (IllegalArgumentException e) {
            throw new OperatorFormatException(source, "description: " + e.getMessage(), e);
        }
        return description;
    }

    private OperatorFormatException refuse(String what, String found, String must) {
        return new OperatorFormatException(source, what + " = " + found + ": must be " + must);
    }

    private static String hex(long value) {
        return "%016x".formatted(value);
    }
}

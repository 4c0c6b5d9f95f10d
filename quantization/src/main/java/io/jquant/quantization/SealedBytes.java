// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Bytes between a mark at their beginning and a checksum at their end. */
final class SealedBytes {
    private SealedBytes() {
    }

    static byte[] seal(byte[] magic, byte[] content) {
        ByteBuffer sealed = ByteBuffer.allocate(magic.length + content.length + Integer.BYTES);
        sealed.put(magic).put(content);
        return sealed.putInt(checksum(sealed.array())).array();
    }

    /** The content of a file: {@link #open}. */
    static byte[] read(Path file, byte[] magic, String isNot) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": is a folder: must be a file");
        }
        return open(Files.readAllBytes(file), magic, file + isNot);
    }

    /** The content; if the mark is another, the message says what the bytes are not. */
    static byte[] open(byte[] sealed, byte[] magic, String isNot) throws IOException {
        if (sealed.length < magic.length + Integer.BYTES
                || !Arrays.equals(sealed, 0, magic.length, magic, 0, magic.length)) {
            throw new IOException(isNot);
        }
        if (ByteBuffer.wrap(sealed).getInt(sealed.length - Integer.BYTES) != checksum(sealed)) {
            throw new IOException(isNot + ", or truncated or damaged: its checksum must be that of its contents");
        }
        return Arrays.copyOfRange(sealed, magic.length, sealed.length - Integer.BYTES);
    }

    /** Of all but the last four bytes. */
    private static int checksum(byte[] sealed) {
        CRC32C checksum = new CRC32C();
        checksum.update(sealed, 0, sealed.length - Integer.BYTES);
        return (int) checksum.getValue();
    }
}

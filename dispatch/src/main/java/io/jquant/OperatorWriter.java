// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.spi.Numerics;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/** Writes operators in the format that {@link PackedOperator} describes. */
final class OperatorWriter {
    /** First a byte that is no text, then both line ends, so that no transfer as text goes unnoticed. */
    static final long MAGIC = 0x0A1A0A0D4F514A89L;
    static final int VERSION = 1;
    static final int HEADER_BYTES = 32;
    static final int CHECKSUM_BYTES = 4;
    static final int CHUNK = 1 << 16;

    private OperatorWriter() {
    }

    static int code(Numerics numerics) {
        return switch (numerics) {
            case FBGEMM -> 1;
            case QNNPACK -> 2;
        };
    }

    static void write(PackedOperator<?> operator, OutputStream stream) throws IOException {
        PackedSpec spec = operator.spec();
        byte[] description = SpecCodec.encode(spec, operator.biases());
        // shared: an engine may unpack with several threads
        try (Arena arena = Arena.ofShared()) {
            MemorySegment weights = arena.allocate(spec.weightBytes(), 64);
            operator.unpack(weights);
            CRC32C checksum = new CRC32C();
            CheckedOutputStream out = new CheckedOutputStream(stream, checksum);
            out.write(header(operator, description.length, weights.byteSize()));
            out.write(description);
            write(weights, out);
            stream.write(new Encoder().putInt((int) checksum.getValue()).toByteArray());
            stream.flush();
        }
    }

    private static byte[] header(PackedOperator<?> operator, int descriptionBytes, long weightBytes) {
        return new Encoder().putLong(MAGIC).putInt(VERSION).putInt(OperatorKind.of(operator.spec()).code())
                .putInt(code(operator.numerics())).putInt(descriptionBytes).putLong(weightBytes).toByteArray();
    }

    private static void write(MemorySegment weights, OutputStream out) throws IOException {
        byte[] chunk = new byte[(int) Math.min(CHUNK, weights.byteSize())];
        for (long at = 0; at < weights.byteSize(); at += chunk.length) {
            int length = (int) Math.min(chunk.length, weights.byteSize() - at);
            MemorySegment.copy(weights, at, MemorySegment.ofArray(chunk), 0, length);
            out.write(chunk, 0, length);
        }
    }
}

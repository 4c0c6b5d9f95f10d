// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/** Writes an {@link OperatorArchive}: once for the checksum, once to the file. */
final class ArchiveWriter {
    private static final int CHUNK = 1 << 20;

    private final byte[] head;
    private final byte[] attachment;
    private final List<PackedOperator<?>> operators;
    private final long size;

    /** Takes bytes. */
    private interface Sink {
        void put(ByteBuffer bytes) throws IOException;
    }

    /**
     * Gives every part its place.
     *
     * @param unplaced the head, its parts with their lengths
     * @param attachment what to attach
     * @param operators the operators in the order of the head
     */
    ArchiveWriter(ArchiveHead unplaced, byte[] attachment, List<PackedOperator<?>> operators) {
        this.attachment = attachment;
        this.operators = operators;
        // places take the same bytes whatever they are
        long at = aligned(OperatorArchive.FIXED_BYTES + unplaced.encode().length);
        ArchiveHead.Part attached = new ArchiveHead.Part(at, attachment.length);
        at += aligned(attachment.length);
        Map<String, ArchiveHead.Entry> placed = new LinkedHashMap<>();
        for (Map.Entry<String, ArchiveHead.Entry> entry : unplaced.entries().entrySet()) {
            long length = entry.getValue().image().length();
            placed.put(entry.getKey(), new ArchiveHead.Entry(entry.getValue().description(),
                    entry.getValue().layout(), new ArchiveHead.Part(at, length)));
            at += aligned(length);
        }
        size = at;
        head = new ArchiveHead(unplaced.engine(), unplaced.tier(), unplaced.isa(), attached, placed).encode();
    }

    private static long aligned(long bytes) {
        return Math.ceilDiv(bytes, OperatorArchive.ALIGNMENT) * OperatorArchive.ALIGNMENT;
    }

    void write(OutputStream out) throws IOException {
        CRC32C sum = new CRC32C();
        body(sum::update);
        out.write(OperatorArchive.header(head.length, size, head, (int) sum.getValue()));
        out.write(head);
        WritableByteChannel channel = Channels.newChannel(out);
        body(bytes -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    private void body(Sink sink) throws IOException {
        pad(sink, OperatorArchive.FIXED_BYTES + (long) head.length);
        sink.put(ByteBuffer.wrap(attachment));
        pad(sink, attachment.length);
        for (PackedOperator<?> operator : operators) {
            operator.withImage(image -> {
                MemorySegment memory = image.memory();
                for (long at = 0; at < memory.byteSize(); at += CHUNK) {
                    sink.put(memory.asSlice(at, Math.min(CHUNK, memory.byteSize() - at)).asByteBuffer());
                }
                pad(sink, memory.byteSize());
            });
        }
    }

    private static void pad(Sink sink, long bytes) throws IOException {
        sink.put(ByteBuffer.allocate((int) (aligned(bytes) - bytes)));
    }
}

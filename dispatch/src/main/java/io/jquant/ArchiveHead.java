// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@link OperatorArchive} says of its contents. Offsets count from the beginning of the file.
 *
 * @param engine the engine that packed the operators
 * @param tier its tier, as it is spelled
 * @param isa its instruction set, as it is spelled
 * @param attachment where the attachment lies
 * @param entries the operators by name
 */
record ArchiveHead(String engine, String tier, String isa, Part attachment, Map<String, Entry> entries) {
    /** Lengths of name, description and layout, then offset and length. */
    private static final int LEAST_ENTRY_BYTES = 3 * Integer.BYTES + 2 * Long.BYTES;

    /** A part of the file. */
    record Part(long offset, long length) {
    }

    /**
     * An operator.
     *
     * @param description {@link #describe}
     * @param layout the layout of its image
     * @param image where the image lies
     */
    // never compared or handed out
    @SuppressWarnings("ArrayRecordComponent")
    record Entry(byte[] description, String layout, Part image) {
    }

    /** Kind, specification and biases. */
    static byte[] describe(PackedSpec spec, List<Bias> biases) {
        return new Encoder().putInt(OperatorKind.of(spec).code()).putBytes(SpecCodec.encode(spec, biases))
                .toByteArray();
    }

    byte[] encode() {
        Encoder out = new Encoder().putText(engine).putText(tier).putText(isa);
        put(out, attachment).putInt(entries.size());
        entries.forEach((name, entry) -> put(
                out.putText(name).putBytes(entry.description()).putText(entry.layout()), entry.image()));
        return out.toByteArray();
    }

    private static Encoder put(Encoder out, Part part) {
        return out.putLong(part.offset()).putLong(part.length());
    }

    /**
     * Reads what {@link #encode} wrote; anything else is refused with an {@link IllegalArgumentException}.
     *
     * @param bytes the head
     * @param first where parts may begin
     * @param size the file's size
     */
    static ArchiveHead decode(byte[] bytes, long first, long size) {
        Decoder in = new Decoder(bytes);
        String engine = in.getText("engine");
        String tier = in.getText("tier");
        String isa = in.getText("isa");
        Part attachment = getPart(in, "attachment", first, size);
        int count = in.getCount("operators", LEAST_ENTRY_BYTES);
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = in.getText("name");
            Entry entry = new Entry(in.getBytes("description"), in.getText("layout"),
                    getPart(in, "operator " + name, first, size));
            Require.that(entries.put(name, entry) == null, "operator", name, "named once");
        }
        in.requireEnd();
        return new ArchiveHead(engine, tier, isa, attachment, entries);
    }

    private static Part getPart(Decoder in, String name, long first, long size) {
        long offset = in.getLong();
        long length = in.getLong();
        Require.that(offset >= first && offset % OperatorArchive.ALIGNMENT == 0 && length >= 0
                && offset <= size && length <= size - offset, name, "at " + offset + ", " + length + " bytes",
                "a multiple of " + OperatorArchive.ALIGNMENT + " from " + first + ", within " + size + " bytes");
        return new Part(offset, length);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.golden;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The cases of one operator family, answered by one engine; golden/README.md describes the format.
 *
 * @param header family, engine, torch, seed, script, date, and {@code refused.<case>} with the engine's reason
 * @param cases the cases, in the script's order
 */
public record GoldenFile(Map<String, String> header, List<GoldenCase> cases) {
    private static final int MAGIC = 0x4A514756;
    private static final int VERSION = 1;
    private static final String REFUSED = "refused.";

    /**
     * Copies both.
     *
     * @param header who made the answers
     * @param cases the cases
     */
    public GoldenFile {
        header = Map.copyOf(header);
        cases = List.copyOf(cases);
    }

    /**
     * The committed answers of an engine.
     *
     * @param family operator family, for example {@code linear}
     * @param engine {@code qnnpack}, {@code onednn}, {@code fbgemm}, or {@code none} for observers
     * @return the file
     */
    public static GoldenFile load(String family, String engine) {
        String name = family + "-" + engine + ".jqg";
        try (InputStream in = GoldenFile.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("family = " + family + ", engine = " + engine + ": must be one of "
                        + GoldenIndex.load());
            }
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    /**
     * Reads a file.
     *
     * @param stream the file's bytes; not closed
     * @return the file
     * @throws IOException if the stream fails or is no such file
     */
    public static GoldenFile read(InputStream stream) throws IOException {
        DataInputStream in = new DataInputStream(new GZIPInputStream(stream, 1 << 16));
        if (in.readInt() != MAGIC || in.readInt() != VERSION) {
            throw new IOException("no golden file of version " + VERSION);
        }
        Map<String, String> header = readMap(in, GoldenFile::readText);
        int count = in.readInt();
        List<GoldenCase> cases = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            cases.add(GoldenCase.read(in));
        }
        // reading on to the end makes gzip check its sum
        if (in.read() >= 0) {
            throw new IOException("bytes after the last case");
        }
        return new GoldenFile(header, cases);
    }

    /**
     * Writes a file; equal files give equal bytes.
     *
     * @param path where to
     * @throws IOException if it cannot be written; an earlier file is then intact
     */
    public void write(Path path) throws IOException {
        Path temporary = Files.createTempFile(path.toAbsolutePath().getParent(), path.getFileName().toString(), null);
        try {
            try (DataOutputStream out = new DataOutputStream(
                    new GZIPOutputStream(new BufferedOutputStream(Files.newOutputStream(temporary))))) {
                out.writeInt(MAGIC);
                out.writeInt(VERSION);
                writeMap(out, new TreeMap<>(header), GoldenFile::writeText);
                out.writeInt(cases.size());
                for (GoldenCase each : cases) {
                    each.write(out);
                }
            }
            Files.move(temporary, path, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** {@return the cases that the engine would not run, with its reason} */
    public Map<String, String> refused() {
        Map<String, String> refused = new LinkedHashMap<>();
        header.entrySet().stream().filter(e -> e.getKey().startsWith(REFUSED)).sorted(Map.Entry.comparingByKey())
                .forEach(e -> refused.put(e.getKey().substring(REFUSED.length()), e.getValue()));
        return refused;
    }

    /**
     * The cases of one operator.
     *
     * @param operator its name
     * @return its cases; none if the family has no such operator
     */
    public List<GoldenCase> cases(String operator) {
        return cases.stream().filter(each -> each.operator().equals(operator)).toList();
    }

    @FunctionalInterface
    interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    @FunctionalInterface
    interface Writer<T> {
        void write(DataOutputStream out, T value) throws IOException;
    }

    static <T> Map<String, T> readMap(DataInputStream in, Reader<T> reader) throws IOException {
        int count = in.readUnsignedShort();
        Map<String, T> map = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            map.put(readText(in), reader.read(in));
        }
        return map;
    }

    static <T> void writeMap(DataOutputStream out, Map<String, T> map, Writer<T> writer) throws IOException {
        out.writeShort(map.size());
        for (Map.Entry<String, T> entry : map.entrySet()) {
            writeText(out, entry.getKey());
            writer.write(out, entry.getValue());
        }
    }

    static String readText(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readUnsignedShort()];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length);
        out.write(bytes);
    }
}

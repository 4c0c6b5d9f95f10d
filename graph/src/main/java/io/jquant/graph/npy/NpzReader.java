// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.npy;

import io.jquant.graph.ModelFormatException;
import io.jquant.graph.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Reads NumPy's .npz archives: .npy files in a zip file, compressed or not. */
public final class NpzReader {
    private static final String SUFFIX = ".npy";
    /** An archive that unpacks to more is refused. */
    private static final long LARGEST = Integer.MAX_VALUE - 8L;

    private NpzReader() {}

    /**
     * Reads all arrays of an archive whose type is supported (arrays of text are left out).
     *
     * @param file the file
     * @return the arrays by name, without {@code .npy}
     * @throws ModelFormatException if the file is truncated, corrupt, or unpacks to more than 2 GB
     * @throws IOException if the file cannot be read
     */
    public static Map<String, Tensor> read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new ModelFormatException(file.toString(), "is a folder: must be a .npz file");
        }
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            long left = LARGEST;
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements();) {
                ZipEntry entry = all.nextElement();
                if (!entry.getName().endsWith(SUFFIX)) {
                    continue;
                }
                byte[] bytes = unpack(zip, entry, left, file.toString());
                left -= bytes.length;
                String name = entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
                if (!isText(bytes)) {
                    arrays.put(name, NpyReader.read(bytes, file + "!" + entry.getName()));
                }
            }
        } catch (ZipException e) {
            throw new ModelFormatException(file.toString(), "is no zip archive, or corrupt: " + e.getMessage(), e);
        }
        return arrays;
    }

    private static byte[] unpack(ZipFile zip, ZipEntry entry, long left, String source) throws IOException {
        try (var in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes((int) left);
            if (bytes.length == left && in.read() >= 0) {
                throw new ModelFormatException(source, "unpacks to more than " + LARGEST + " bytes");
            }
            return bytes;
        }
    }

    private static boolean isText(byte[] bytes) {
        int end = Math.min(bytes.length, 64);
        String start = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
        return start.contains("'descr': '<U") || start.contains("'descr': '|S") || start.contains("'descr': '>U");
    }
}

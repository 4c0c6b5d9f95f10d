// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Files that appear complete or not at all: written beside their place, then moved to it. */
public final class AtomicFile {
    /** Writes what a file is to hold. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes the content.
         *
         * @param out where to write it
         * @throws IOException if it cannot be written
         */
        void write(OutputStream out) throws IOException;
    }

    private AtomicFile() {
    }

    /**
     * Writes a file, which appears only when it is complete; one that is there already is replaced.
     *
     * @param file the file: a new one in a folder that is there, a regular one, or a link to one
     * @param content writes what it is to hold
     * @throws IOException if the file cannot be written; then nothing of it is left, and an earlier one is as it was
     */
    public static void write(Path file, Content content) throws IOException {
        // a link stays, and what it points to is replaced
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw new IOException(file + ": cannot be written: is a "
                    + (Files.isDirectory(target) ? "directory" : "device or pipe") + ", must be a file or new");
        }
        Path folder = target.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new IOException(file + ": cannot be written: " + folder + " must be an existing folder");
        }
        Path temporary = folder.resolve("jquant-" + UUID.randomUUID() + ".tmp");
        try {
            try (OutputStream out = Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE)) {
                content.write(out);
            }
            move(temporary, target);
        } catch (IOException e) {
            delete(temporary, e);
            throw new IOException(file + ": cannot be written: " + e, e);
        } catch (RuntimeException | Error e) {
            delete(temporary, e);
            throw e;
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void delete(Path temporary, Throwable reason) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }
}

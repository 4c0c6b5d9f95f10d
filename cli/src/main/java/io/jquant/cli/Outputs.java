// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Refuses places that nothing can be written to before the work, not after it. */
public final class Outputs {
    private Outputs() {
    }

    /**
     * Refuses a place that no file can be written to.
     *
     * @param output where a file is to be written
     * @throws IOException if it cannot be
     */
    public static void check(Path output) throws IOException {
        if (Files.isDirectory(output)) {
            throw new IOException(output + ": is a folder, must be a file");
        }
        Path folder = output.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw new IOException(output + ": must be in a folder that is there");
        }
        if (!Files.isWritable(folder)) {
            throw new IOException(output + ": permission denied: its folder cannot be written to");
        }
    }

    /** Refuses an output that would replace a file that is read; what is null is not read. */
    static void mustDiffer(Path output, Path... read) throws IOException {
        for (Path file : read) {
            if (file != null && isSame(output, file)) {
                throw new UsageException(
                        "output " + output + ": must be another file than " + file + ", which is read");
            }
        }
    }

    /** Whether two names are of one file, be it there or not. */
    static boolean isSame(Path one, Path other) throws IOException {
        return (Files.exists(one) && Files.exists(other)) ? Files.isSameFile(one, other)
                : one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }
}

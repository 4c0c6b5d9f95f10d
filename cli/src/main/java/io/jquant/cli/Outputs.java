// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Refuses places that nothing can be written to before the work, not after it. */
final class Outputs {
    private Outputs() {
    }

    static void check(Path output) throws IOException {
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

    static void mustDiffer(Path output, Path input) throws IOException {
        if (Files.exists(output) && Files.isSameFile(input, output)) {
            throw new UsageException("--output = " + output + ": must be another file than the model");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are there whole or not at all. */
class AtomicFileTest {
    @TempDir
    private Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aFileIsReplacedWholeAndALinkStays() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "earlier");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        AtomicFile.write(link, out -> out.write("later".getBytes(StandardCharsets.UTF_8)));
        assertEquals("later", Files.readString(file));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(List.of("file", "link"), names());
    }

    @Test
    void whatFailsLeavesTheEarlierFileAndNothingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "earlier");
        IOException failed = assertThrows(IOException.class, () -> AtomicFile.write(file, out -> {
            out.write(1);
            throw new IOException("disk full");
        }));
        assertTrue(failed.getMessage().contains("disk full"), failed.getMessage());
        assertThrows(IllegalStateException.class, () -> AtomicFile.write(file, out -> {
            throw new IllegalStateException();
        }));
        assertThrows(IOException.class, () -> AtomicFile.write(folder, out -> { }));
        assertThrows(IOException.class, () -> AtomicFile.write(folder.resolve("missing").resolve("file"), out -> { }));
        assertEquals("earlier", Files.readString(file));
        assertEquals(List.of("file"), names());
    }

    @Test
    void whatAKilledProcessLeftIsDeletedAndWhatALivingOneWritesIsNot() throws IOException {
        Files.writeString(folder.resolve("file.jquant-dead.tmp"), "half");
        Files.writeString(folder.resolve("other.jquant-dead.tmp"), "half, of another file");
        AtomicFile.write(folder.resolve("file"), outer -> {
            // the same file at the same time
            AtomicFile.write(folder.resolve("file"), out -> out.write(1));
            assertEquals(3, names().size());
            outer.write(2);
        });
        assertEquals(List.of("file", "other.jquant-dead.tmp"), names());
        assertEquals(2, Files.readAllBytes(folder.resolve("file"))[0]);
    }

    @Test
    void anInterruptedProcessDeletesWhatItWrites() throws IOException {
        assertThrows(IOException.class, () -> AtomicFile.write(folder.resolve("file"), out -> {
            assertEquals(1, names().size());
            AtomicFile.deleteUnfinished();
            assertEquals(List.of(), names());
        }));
        assertEquals(List.of(), names());
    }

    @Test
    void aNameMayBeAsLongAsTheFileSystemAllows() throws IOException {
        Path file = folder.resolve("n".repeat(255));
        AtomicFile.write(file, out -> out.write(1));
        assertEquals(1, Files.size(file));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            assertEquals(1, channel.size());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Saved operators as files: complete or not there at all. */
class OperatorFileTest {
    private static final Engine ENGINE = StubBackend.engine();
    private static final Path FULL = Path.of("/dev/full");

    @TempDir
    Path folder;

    private static PackedOperator<?> linear() {
        return SavedOperators.all(ENGINE, 5).getFirst();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void everyKindIsSavedAndLoaded() throws IOException {
        Path file = folder.resolve("operator");
        for (PackedOperator<?> operator : SavedOperators.all(ENGINE, 3)) {
            operator.save(file);
            assertArrayEquals(SavedOperators.bytes(operator), Files.readAllBytes(file));
            try (PackedOperator<?> loaded = ENGINE.load(file)) {
                SavedOperators.assertSame(operator, loaded);
            }
            try (PackedOperator<?> loaded = ENGINE.load(file, operator.getClass().asSubclass(PackedOperator.class))) {
                SavedOperators.assertSame(operator, loaded);
            }
        }
        assertEquals(List.of("operator"), files());
    }

    @Test
    void truncatedAndFollowedFilesAreRefused() throws IOException {
        byte[] bytes = SavedOperators.bytes(linear());
        Path file = folder.resolve("operator");
        for (int length = 0; length < bytes.length; length++) {
            Files.write(file, Arrays.copyOf(bytes, length));
            String message = assertThrows(OperatorFormatException.class, () -> ENGINE.load(file)).getMessage();
            assertTrue(message.startsWith(file + ": ") && message.endsWith("it is truncated"), message);
        }
        Files.write(file, Arrays.copyOf(bytes, bytes.length + 1));
        assertEquals(file + ": size = " + (bytes.length + 1) + " bytes: must be " + bytes.length
                + ", as its header says: it is followed by something else",
                assertThrows(OperatorFormatException.class, () -> ENGINE.load(file)).getMessage());
    }

    @Test
    void aHeaderThatPromisesMoreThanTheFileHoldsTakesNoMemory() throws IOException {
        Path file = folder.resolve("operator");
        linear().save(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {0, 0, 0, 0, 0, 0, 0, 0x20}), 24);
        }
        assertTrue(assertThrows(OperatorFormatException.class, () -> ENGINE.load(file)).getMessage()
                .endsWith("as its header says: it is truncated"));
    }

    @Test
    void whatIsNoFileIsRefused() {
        assertEquals(folder + ": is a directory, must be a file",
                assertThrows(OperatorFormatException.class, () -> ENGINE.load(folder)).getMessage());
        Path missing = folder.resolve("missing");
        assertEquals(missing.toString(),
                assertThrows(NoSuchFileException.class, () -> ENGINE.load(missing)).getMessage());
        assertEquals(folder + ": cannot be written: is a directory, must be a file or new",
                assertThrows(IOException.class, () -> linear().save(folder)).getMessage());
        Path nowhere = missing.resolve("operator");
        assertEquals(nowhere + ": cannot be written: " + missing + " must be an existing folder",
                assertThrows(IOException.class, () -> linear().save(nowhere)).getMessage());
        Refusal.of("file = null: must be given", () -> linear().save((Path) null)).check();
        Refusal.of("stream = null: must be given", () -> linear().save((OutputStream) null)).check();
    }

    @Test
    void aFullDiskIsSaid() throws IOException {
        Assumptions.assumeTrue(Files.exists(FULL), "no /dev/full here");
        assertEquals("/dev/full: cannot be written: is a device or pipe, must be a file or new",
                assertThrows(IOException.class, () -> linear().save(FULL)).getMessage());
        assertFalse(Files.isRegularFile(FULL));
        assertEquals("/dev/full: is a device or pipe, must be a file",
                assertThrows(OperatorFormatException.class, () -> ENGINE.load(FULL)).getMessage());
        try (OutputStream full = Files.newOutputStream(FULL, StandardOpenOption.WRITE)) {
            assertEquals("No space left on device",
                    assertThrows(IOException.class, () -> linear().save(full)).getMessage());
        }
    }

    @Test
    void aSaveThatFailsLeavesWhatWasThere() throws IOException {
        Path file = folder.resolve("operator");
        linear().save(file);
        byte[] before = Files.readAllBytes(file);
        assertEquals(file + ": cannot be written: java.io.IOException: No space left on device",
                assertThrows(IOException.class, () -> AtomicFile.write(file, out -> {
                    out.write(new byte[100]);
                    throw new IOException("No space left on device");
                })).getMessage());
        assertThrows(OutOfMemoryError.class, () -> AtomicFile.write(file, out -> {
            out.write(new byte[100]);
            throw new OutOfMemoryError("a test's");
        }));
        PackedOperator<?> closed = linear();
        closed.close();
        assertEquals("PackedLinear is closed",
                assertThrows(IllegalStateException.class, () -> closed.save(file)).getMessage());
        assertThrows(IllegalStateException.class, () -> closed.save(folder.resolve("new")));
        assertArrayEquals(before, Files.readAllBytes(file));
        assertEquals(List.of("operator"), files());
    }

    @Test
    void aLinkStaysALink() throws IOException {
        Path file = folder.resolve("operator");
        Files.writeString(file, "before");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        linear().save(link);
        assertTrue(Files.isSymbolicLink(link));
        assertArrayEquals(SavedOperators.bytes(linear()), Files.readAllBytes(file));
    }

    @Test
    void manyThatSaveToOneFileLeaveOneWhole() throws Exception {
        Path file = folder.resolve("operator");
        List<PackedOperator<?>> operators = SavedOperators.all(ENGINE, 7);
        operators.getFirst().save(file);
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (PackedOperator<?> operator : operators) {
            tasks.add(() -> {
                for (int i = 0; i < 50; i++) {
                    operator.save(file);
                }
                return true;
            });
            tasks.add(() -> {
                for (int i = 0; i < 50; i++) {
                    try (PackedOperator<?> loaded = ENGINE.load(file)) {
                        assertTrue(operators.stream().anyMatch(one -> one.spec().equals(loaded.spec())));
                    }
                }
                return true;
            });
        }
        try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
            for (Future<Boolean> task : pool.invokeAll(tasks)) {
                assertTrue(task.get());
            }
        }
        assertEquals(List.of("operator"), files());
    }
}

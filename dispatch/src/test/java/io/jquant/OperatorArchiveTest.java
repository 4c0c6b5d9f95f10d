// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of packed operators: found as they were, and whatever is in a file, refused with an exception. */
class OperatorArchiveTest {
    private static final Engine ENGINE = StubBackend.engine();
    private static final byte[] ATTACHED = "what it is for".getBytes(StandardCharsets.UTF_8);
    private static final int CASES = Integer.getInteger("jquant.test.cases", 300);
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path folder;

    private static Map<String, PackedOperator<?>> operators() {
        Map<String, PackedOperator<?>> named = new LinkedHashMap<>();
        List<PackedOperator<?>> all = SavedOperators.all(ENGINE, 7);
        for (int i = 0; i < all.size(); i++) {
            named.put("operator " + i, all.get(i));
        }
        return named;
    }

    private Path written() throws IOException {
        Path file = folder.resolve("archive");
        OperatorArchive.write(file, ENGINE, ATTACHED, operators());
        return file;
    }

    @Test
    void operatorsAreFoundWhereTheyLie() throws IOException {
        Path file = written();
        PackedOperator<?> first = operators().get("operator 0");
        OperatorArchive archive = OperatorArchive.open(file);
        assertTrue(OperatorArchive.isArchive(file));
        assertEquals("engine stub, tier scalar, isa scalar", archive.packedFor());
        assertEquals("", archive.whyNot(ENGINE));
        assertArrayEquals(ATTACHED, archive.attachment().toArray(ValueLayout.JAVA_BYTE));
        // the stub packs linear layers only
        assertEquals(operators().values().stream().filter(PackedLinear.class::isInstance).count(),
                archive.names().size());
        PackedOperator<?> found = archive.find("operator 0", first.spec(), first.biases(), ENGINE);
        SavedOperators.assertSame(first, found);
        assertNull(archive.find("operator 1", first.spec(), first.biases(), ENGINE), "of another specification");
        assertNull(archive.find("operator 0", first.spec(), List.of(Bias.none()), ENGINE), "of another bias");
        assertNull(archive.find("operator 7", first.spec(), first.biases(), ENGINE), "not packed");
        archive.close();
        archive.close();
        // the operator keeps the mapping
        SavedOperators.assertSame(first, found);
        assertThrows(IllegalStateException.class,
                () -> archive.find("operator 0", first.spec(), first.biases(), ENGINE));
        found.close();
        assertThrows(IllegalStateException.class, () -> archive.attachment().get(ValueLayout.JAVA_BYTE, 0));
    }

    @Test
    void anotherEngineIsToldWhyNot() throws IOException {
        Path file = written();
        byte[] bytes = Files.readAllBytes(file);
        // another engine's name, of the same length
        int at = OperatorArchive.FIXED_BYTES + Integer.BYTES;
        System.arraycopy("blub".getBytes(StandardCharsets.UTF_8), 0, bytes, at, 4);
        Files.write(file, mended(bytes));
        PackedOperator<?> first = operators().get("operator 0");
        try (OperatorArchive archive = OperatorArchive.open(file)) {
            assertEquals("it is packed for engine blub, tier scalar, isa scalar, and this is engine stub, tier scalar, "
                    + "isa scalar", archive.whyNot(ENGINE));
            assertNull(archive.find("operator 0", first.spec(), first.biases(), ENGINE));
        }
    }

    @Test
    void whatIsNoArchiveIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("text"), "this is a text, and no archive at all, not even part");
        assertFalse(OperatorArchive.isArchive(file));
        assertTrue(assertThrows(OperatorFormatException.class, () -> OperatorArchive.open(file)).getMessage()
                .endsWith("this is no file of packed operators"));
        assertFalse(OperatorArchive.isArchive(folder));
        assertThrows(IOException.class, () -> OperatorArchive.open(folder));
        Path empty = Files.write(folder.resolve("empty"), new byte[0]);
        assertTrue(assertThrows(OperatorFormatException.class, () -> OperatorArchive.open(empty)).getMessage()
                .endsWith("it is truncated"));
    }

    @Test
    void truncatedAndFollowedFilesAreRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(written());
        Path file = folder.resolve("cut");
        for (int length = 0; length <= bytes.length + 1; length += length < bytes.length - 9 ? 7 : 1) {
            if (length != bytes.length) {
                Files.write(file, Arrays.copyOf(bytes, length));
                assertThrows(OperatorFormatException.class, () -> OperatorArchive.open(file), "length " + length);
            }
        }
    }

    @Test
    void everyFlippedBitIsSeen() throws IOException {
        byte[] bytes = Files.readAllBytes(written());
        Path file = folder.resolve("flipped");
        Random random = new Random(3);
        for (int i = 0; i < CASES / 2; i++) {
            byte[] flipped = bytes.clone();
            int at = random.nextInt(bytes.length);
            flipped[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            Files.write(file, flipped);
            assertThrows(OperatorFormatException.class, () -> OperatorArchive.open(file), "byte " + at);
        }
    }

    /** Files whose checksums are right, whatever else they say, are refused or have operators that are as they say. */
    @Test
    void hostileFilesDoNoHarm() throws IOException {
        Path file = written();
        byte[] bytes = Files.readAllBytes(file);
        int head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(12);
        int opened = 0;
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            byte[] hostile = bytes.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                int at = random.nextInt(8) == 0 ? random.nextInt(OperatorArchive.FIXED_BYTES)
                        : OperatorArchive.FIXED_BYTES + random.nextInt(head - 7);
                switch (random.nextInt(3)) {
                    case 0 -> hostile[at] = (byte) random.nextInt();
                    case 1 -> ByteBuffer.wrap(hostile).putInt(at, random.nextInt());
                    default -> ByteBuffer.wrap(hostile).putLong(at, random.nextLong() >> random.nextInt(Long.SIZE));
                }
            }
            Files.write(file, mended(hostile));
            opened += open(file, "seed " + seed) ? 1 : 0;
        }
        assertTrue(opened > 0 && opened < CASES, opened + " of " + CASES + " could be opened");
    }

    private static boolean open(Path file, String what) throws IOException {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try (OperatorArchive archive = OperatorArchive.open(file)) {
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated <= 200_000 + 20 * Files.size(file), what + ": " + allocated + " bytes");
            operators().forEach((name, operator) -> {
                PackedOperator<?> found = archive.find(name, operator.spec(), operator.biases(), ENGINE);
                if (found != null) {
                    assertEquals(operator.spec().weightBytes(), SavedOperators.weights(found).length, what);
                    found.close();
                }
            });
            return true;
        } catch (OperatorFormatException e) {
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated <= 200_000 + 20 * Files.size(file), what + ": " + allocated + " bytes");
            return false;
        }
    }

    /** The same bytes with the checksums that they should have, where there is room for them. */
    private static byte[] mended(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int end = Math.clamp(OperatorArchive.FIXED_BYTES + (long) buffer.getInt(12), OperatorArchive.FIXED_BYTES,
                bytes.length);
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, 24);
        sum.update(bytes, OperatorArchive.FIXED_BYTES, end - OperatorArchive.FIXED_BYTES);
        buffer.putInt(24, (int) sum.getValue());
        sum.reset();
        sum.update(bytes, end, bytes.length - end);
        return buffer.putInt(28, (int) sum.getValue()).array();
    }
}

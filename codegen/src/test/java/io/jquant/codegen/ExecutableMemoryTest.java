// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.codegen.ExecutableMemory.Available;
import io.jquant.codegen.ExecutableMemory.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ExecutableMemoryTest {
    private static final byte[] CODE = {1, 2, 3, 4, 5};
    private static final Path MAPS = Path.of("/proc/self/maps");

    /** The system's pages, watched; refuses to seal if told so. */
    private static final class WatchedPages implements Pages {
        private final Pages system = system();
        private final boolean refuses;
        private final List<String> events = new CopyOnWriteArrayList<>();
        private final CountDownLatch freed = new CountDownLatch(1);

        WatchedPages(boolean refuses) throws RefusedException {
            this.refuses = refuses;
        }

        private static Pages system() throws RefusedException {
            return Pages.system();
        }

        @Override
        public MemorySegment reserve(long bytes) throws RefusedException {
            MemorySegment pages = system.reserve(bytes);
            events.add("reserved " + rights(pages));
            return pages;
        }

        @Override
        public void seal(MemorySegment pages) throws RefusedException {
            if (refuses) {
                throw new RefusedException("refused by the test");
            }
            system.seal(pages);
            events.add("sealed " + rights(pages));
        }

        @Override
        public void free(MemorySegment pages) {
            system.free(pages);
            events.add("freed");
            freed.countDown();
        }
    }

    /** What /proc/self/maps says of the page at an address. */
    private static String rights(MemorySegment pages) {
        try {
            for (String line : Files.readAllLines(MAPS)) {
                String[] range = line.substring(0, line.indexOf(' ')).split("-", -1);
                if (Long.parseUnsignedLong(range[0], 16) <= pages.address()
                    && pages.address() < Long.parseUnsignedLong(range[1], 16)) {
                    return line.split(" ", -1)[1];
                }
            }
            return "unmapped";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void pagesAreNeverWritableAndExecutableAtOnceAndAreFreedOnce() throws RefusedException {
        assumeTrue(Files.exists(MAPS), "needs /proc/self/maps");
        WatchedPages pages = new WatchedPages(false);
        ExecutableMemory memory = assertInstanceOf(Available.class, ExecutableMemory.map(CODE, pages, true)).memory();
        assertEquals(List.of("reserved rw-p", "sealed r-xp"), pages.events);
        memory.close();
        memory.close();
        assertEquals(List.of("reserved rw-p", "sealed r-xp", "freed"), pages.events);
    }

    @Test
    void aRefusalGivesItsReasonAndLeavesNothingBehind() throws RefusedException {
        assumeTrue(Files.exists(MAPS), "needs /proc/self/maps");
        WatchedPages pages = new WatchedPages(true);
        ExecutableMemory.Result refused = ExecutableMemory.map(CODE, pages, true);
        assertEquals(new Refused("refused by the test"), refused);
        assertEquals(List.of("reserved rw-p", "freed"), pages.events);
        assertEquals("no executable memory: refused by the test",
                assertThrows(IllegalStateException.class, refused::orThrow).getMessage());
    }

    @Test
    void theSystemsOwnRefusalIsTold() throws RefusedException {
        Pages pages = Pages.system();
        RefusedException e = assertThrows(RefusedException.class, () -> pages.reserve(1L << 60));
        assertTrue(e.getMessage().contains(String.valueOf(1L << 60)), e.getMessage());
        MemorySegment misaligned = MemorySegment.ofAddress(4097);
        assertThrows(RefusedException.class, () -> pages.seal(misaligned));
    }

    @Test
    void aJvmWithoutNativeAccessRefuses() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--illegal-native-access=deny", "-cp", System.getProperty("java.class.path"),
            RefusedByJvm.class.getName()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
    }

    @Test
    void codeCanBeReadButNotWritten() {
        for (boolean collected : new boolean[] {false, true}) {
            ExecutableMemory memory = assertInstanceOf(Available.class,
                collected ? ExecutableMemory.mapCollected(CODE) : ExecutableMemory.map(CODE)).memory();
            assertArrayEquals(CODE, memory.code().toArray(JAVA_BYTE));
            assertThrows(IllegalArgumentException.class, () -> memory.code().set(JAVA_BYTE, 0, (byte) 0));
            memory.close();
            if (collected) {
                assertArrayEquals(CODE, memory.code().toArray(JAVA_BYTE));
            } else {
                assertThrows(IllegalStateException.class, () -> memory.code().get(JAVA_BYTE, 0));
            }
        }
    }

    @Test
    void collectedCodeLivesAsLongAsAFunctionInIt() throws RefusedException, InterruptedException {
        WatchedPages pages = new WatchedPages(false);
        MethodHandle function = NativeFunction.ofLong(
            assertInstanceOf(Available.class, ExecutableMemory.map(CODE, pages, false)).memory(), 0, 0, 0,
            NativeFunction.Transition.CRITICAL);
        try {
            for (int i = 0; i < 5; i++) {
                System.gc();
                assertFalse(pages.freed.await(10, TimeUnit.MILLISECONDS), "freed under a function");
            }
        } finally {
            Reference.reachabilityFence(function);
        }
        function = null;
        boolean freed = false;
        for (int i = 0; i < 200 && !freed; i++) {
            System.gc();
            freed = pages.freed.await(50, TimeUnit.MILLISECONDS);
        }
        assertTrue(freed, "not freed after its function");
    }

    @Test
    void noCodeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> ExecutableMemory.map(new byte[0]));
        assertThrows(NullPointerException.class, () -> ExecutableMemory.map(null));
    }

    @Test
    void aFunctionMustLieInsideTheCode() {
        try (ExecutableMemory memory = assertInstanceOf(Available.class, ExecutableMemory.map(CODE)).memory()) {
            for (long offset : new long[] {-1, CODE.length, Long.MAX_VALUE}) {
                assertThrows(IllegalArgumentException.class, () -> NativeFunction.ofLong(memory, offset, 0, 0,
                    NativeFunction.Transition.CRITICAL));
            }
            for (int[] counts : new int[][] {{-1, 0}, {0, -1}, {33, 0}, {Integer.MAX_VALUE, Integer.MAX_VALUE}}) {
                assertThrows(IllegalArgumentException.class, () -> NativeFunction.ofVoid(memory, 0, counts[0],
                    counts[1], NativeFunction.Transition.CRITICAL));
            }
        }
    }
}

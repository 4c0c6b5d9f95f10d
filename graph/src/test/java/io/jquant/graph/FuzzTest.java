// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.jquant.graph.exec.Executor;
import io.jquant.graph.exec.Limits;
import io.jquant.graph.onnx.OnnxReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Reporter;
import net.jqwik.api.ShrinkingMode;

/**
 * Reads, checks and plans mutations of real models. {@code -Djquant.fuzz.seconds} makes it run longer,
 * {@code -Djquant.fuzz.seed} repeats a run.
 */
class FuzzTest {
    private static final long TIMEOUT_SECONDS = 10;
    /** What OnnxReader states, and what the limits below allow for constants, twice (checks and plan). */
    private static final long MULTIPLE = 100;
    private static final Limits LIMITS = new Limits(1L << 28, 1L << 20);
    private static final long FIXED_BYTES = 32L << 20;

    private static List<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (String name : List.of("resnet8-cifar10-pad-op", "dscnn-kws", "mnist", "lstm-snippets",
                "transformer-snippets", "pytorch_superresolution_with_pre_post_processing_op18")) {
            seeds.add(Files.readAllBytes(ModelsTest.model(name)));
        }
        try (ZipInputStream zip = new ZipInputStream(FuzzTest.class.getResourceAsStream("/onnx-node.zip"))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().endsWith("model.onnx")) {
                    seeds.add(zip.readAllBytes());
                }
            }
        }
        return seeds;
    }

    /** One to four changes: flipped bits, replaced bytes, cuts, insertions, numbers made large, pieces moved. */
    static byte[] mutate(byte[] seed, RandomGenerator random) {
        byte[] bytes = seed.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            // the structure lies at the beginning of a node test and between weights in a model
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(8)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                case 3 -> bytes = splice(bytes, at, at, noise(random, 1 + random.nextInt(16)));
                case 4 -> bytes = splice(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(16)), new byte[0]);
                case 5 -> bytes = splice(bytes, at, at + 1, varint(random.nextLong() >>> random.nextInt(64)));
                case 6 -> bytes[at] = (byte) (bytes[at] + (random.nextBoolean() ? 1 : -1));
                default -> {
                    int from = random.nextInt(bytes.length);
                    int length = Math.min(random.nextInt(64), bytes.length - from);
                    bytes = splice(bytes, at, at, Arrays.copyOfRange(bytes, from, from + length));
                }
            }
        }
        return bytes;
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] replacement) {
        byte[] made = new byte[bytes.length - (to - from) + replacement.length];
        System.arraycopy(bytes, 0, made, 0, from);
        System.arraycopy(replacement, 0, made, from, replacement.length);
        System.arraycopy(bytes, to, made, from + replacement.length, bytes.length - to);
        return made;
    }

    private static byte[] noise(RandomGenerator random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] varint(long value) {
        byte[] bytes = new byte[10];
        int n = 0;
        long rest = value;
        do {
            bytes[n++] = (byte) ((rest & 0x7f) | (rest >>> 7 == 0 ? 0 : 0x80));
            rest >>>= 7;
        } while (rest != 0);
        return Arrays.copyOf(bytes, n);
    }

    /** Reads and plans; returns the bytes that the thread allocated. */
    private static long tryOne(byte[] bytes, AtomicLong accepted) throws IOException {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            Executor.plan(OnnxReader.read(bytes, "fuzz", null, LIMITS), LIMITS);
            accepted.incrementAndGet();
        } catch (ModelFormatException expected) {
            assertTrue(expected.getMessage().startsWith("fuzz: "), expected.getMessage());
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Property(tries = 1, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void throwsNothingButTheDocumentedException(@ForAll long chosen, Reporter reporter) throws Exception {
        long seconds = Long.getLong("jquant.fuzz.seconds", 20);
        long seed = Long.getLong("jquant.fuzz.seed", chosen);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        List<byte[]> seeds = seeds();
        Map<String, String> failures = new TreeMap<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        long tried = 0;
        AtomicLong accepted = new AtomicLong();
        int failed = 0;
        ExecutorService worker = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
        while (System.nanoTime() < end) {
            byte[] input = mutate(seeds.get(random.nextInt(4) == 0 ? random.nextInt(6)
                    : random.nextInt(seeds.size())), random);
            tried++;
            Future<Long> result = worker.submit(() -> tryOne(input, accepted));
            String failure = null;
            try {
                long allocated = result.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                if (allocated > MULTIPLE * input.length + FIXED_BYTES) {
                    failure = "memory: " + allocated + " bytes for " + input.length;
                }
            } catch (TimeoutException e) {
                failure = "hangs";
                worker = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
            } catch (ExecutionException e) {
                Throwable cause = e.getCause();
                StackTraceElement[] trace = cause.getStackTrace();
                failure = cause.getClass().getName() + " at " + (trace.length == 0 ? "?" : trace[0]);
            }
            if (failure != null) {
                failed++;
                String number = Long.toString(tried);
                if (failures.putIfAbsent(failure.startsWith("memory") ? "memory" : failure, number) == null) {
                    Files.write(Files.createDirectories(Path.of("target/fuzz"))
                            .resolve("failure-" + seed + "-" + number + ".onnx"), input);
                }
            }
        }
        worker.shutdownNow();
        reporter.publishValue("fuzz", tried + " inputs, " + accepted + " of them accepted, "
                + failed + " failures, seed " + seed + " " + failures);
        assertEquals(Map.of(), failures, "seed " + seed + ", " + tried + " inputs");
    }
}

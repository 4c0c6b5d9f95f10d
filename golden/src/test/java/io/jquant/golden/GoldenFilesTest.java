// SPDX-License-Identifier: Apache-2.0
package io.jquant.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The committed files are whole, counted, and hold what they say. */
class GoldenFilesTest {
    private static final long LARGEST_FILE = 300_000;
    private static final long ALL_FILES = 6_000_000;

    @Test
    void everyFileIsCountedInTheIndex() throws IOException, URISyntaxException {
        List<GoldenIndex.Entry> counted = new ArrayList<>();
        for (Path path : GoldenIndex.files(folder())) {
            counted.addAll(GoldenIndex.count(read(path)));
        }
        assertEquals(GoldenIndex.load(), counted, () -> "cases per operator and engine:\n"
                + counted.stream().map(GoldenIndex.Entry::toString).collect(Collectors.joining("\n")));
    }

    @Test
    void everyFamilyHasAllItsEngines() {
        Map<String, Set<String>> engines = GoldenIndex.load().stream().collect(Collectors.groupingBy(
                GoldenIndex.Entry::family, Collectors.mapping(GoldenIndex.Entry::engine, Collectors.toSet())));
        engines.forEach((family, of) -> assertEquals(
                of.contains("none") ? Set.of("none") : Set.of("qnnpack", "onednn", "fbgemm"), of, family));
    }

    @Test
    void everyCaseIsAnsweredOrRefusedByEveryEngine() throws IOException, URISyntaxException {
        Map<String, Set<String>> cases = new TreeMap<>();
        for (Path path : GoldenIndex.files(folder())) {
            GoldenFile file = read(path);
            Set<String> names = new HashSet<>(file.refused().keySet());
            file.cases().forEach(each -> assertTrue(names.add(each.name()), path + " has twice " + each.name()));
            Set<String> first = cases.putIfAbsent(file.header().get("family"), names);
            assertTrue(first == null || first.equals(names), path.toString());
        }
        assertFalse(cases.isEmpty());
    }

    @Test
    void scalesAreBinary32AndNothingIsNan() throws IOException, URISyntaxException {
        for (Path path : GoldenIndex.files(folder())) {
            for (GoldenCase each : read(path).cases()) {
                assertFalse(each.outputs().isEmpty(), each.name());
                each.outputs().forEach((name, tensor) -> assertNoNan(path, each, name, tensor));
                if (!each.operator().endsWith("_nan")) {
                    each.inputs().forEach((name, tensor) -> assertNoNan(path, each, name, tensor));
                }
                each.parameters().forEach((name, value) -> assertTrue(
                        !(value instanceof Double real) || (float) (double) real == real,
                        path + " " + each.name() + " " + name + " = " + value));
                each.inputs().forEach((name, tensor) -> assertTrue(!name.endsWith("scales")
                        || Arrays.stream(tensor.doubles()).allMatch(real -> (float) real == real && real > 0),
                        path + " " + each.name() + " " + name));
            }
        }
    }

    @Test
    void filesStaySmall() throws IOException, URISyntaxException {
        long all = 0;
        for (Path path : GoldenIndex.files(folder())) {
            long size = Files.size(path);
            assertTrue(size < LARGEST_FILE, path + " has " + size + " bytes: must be below " + LARGEST_FILE);
            all += size;
        }
        assertTrue(all < ALL_FILES, "all files have " + all + " bytes: must be below " + ALL_FILES);
    }

    @Test
    void aWrittenFileIsReadBack(@TempDir Path temporary) throws IOException {
        GoldenFile file = GoldenFile.load("conv", "qnnpack");
        Path first = temporary.resolve("first.jqg");
        Path second = temporary.resolve("second.jqg");
        file.write(first);
        read(first).write(second);
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
        assertEquals(file.header(), read(second).header());
        assertEquals(file.cases().getLast().outputs(), read(second).cases().getLast().outputs());
        assertArrayEquals(file.cases().getLast().integers("stride"), read(second).cases().getLast().integers("stride"));
    }

    @Test
    void aTruncatedFileIsRefused(@TempDir Path temporary) throws IOException {
        Path path = temporary.resolve("whole.jqg");
        GoldenFile.load("pool", "qnnpack").write(path);
        byte[] whole = Files.readAllBytes(path);
        for (int length : new int[] {0, 5, 100, whole.length / 2, whole.length - 9}) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThrows(IOException.class, () -> GoldenFile.read(new ByteArrayInputStream(part)), "length " + length);
        }
    }

    @Test
    void anUnknownNameIsNamed() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> GoldenFile.load("linear", "nonsense"))
                .getMessage().contains("nonsense"));
        GoldenCase each = GoldenFile.load("linear", "fbgemm").cases("linear").getFirst();
        assertTrue(assertThrows(IllegalArgumentException.class, () -> each.real("y_scales")).getMessage()
                .contains("y_scales"));
        assertThrows(IllegalArgumentException.class, () -> each.integer("y_scale"));
        assertThrows(IllegalArgumentException.class, () -> each.output("z"));
    }

    private static void assertNoNan(Path path, GoldenCase each, String name, GoldenTensor tensor) {
        assertTrue(Arrays.stream(tensor.doubles()).noneMatch(Double::isNaN), path + " " + each.name() + " " + name);
    }

    private static GoldenFile read(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return GoldenFile.read(in);
        }
    }

    private static Path folder() throws URISyntaxException {
        return Path.of(GoldenFile.class.getResource("index.tsv").toURI()).getParent();
    }
}

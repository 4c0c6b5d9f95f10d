// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** GNU as, which every encoding is compared with. */
public enum GnuAssembler {
    /** Reads Intel's syntax. */
    X86("", ".intel_syntax noprefix\n", "--64", "binutils"),
    /** Knows I8MM. */
    ARM64("aarch64-linux-gnu-", "", "-march=armv8.6-a", "binutils-aarch64-linux-gnu");

    private final String prefix;
    private final String header;
    private final String option;
    private final String debianPackage;

    GnuAssembler(String prefix, String header, String option, String debianPackage) {
        this.prefix = prefix;
        this.header = header;
        this.option = option;
        this.debianPackage = debianPackage;
    }

    /** Compares sources with our bytes for them, all in one run of as, each at a multiple of {@code slot} bytes. */
    public void compare(Map<String, byte[]> cases, int slot) throws IOException, InterruptedException {
        String source = header + cases.keySet().stream()
            .map(text -> text + "\n.balign " + slot + ", 0xCC\n").collect(Collectors.joining());
        byte[] theirs = assemble(source);
        StringBuilder differences = new StringBuilder();
        int count = 0;
        int at = 0;
        for (Map.Entry<String, byte[]> one : cases.entrySet()) {
            byte[] expected = Arrays.copyOfRange(theirs, at, at + slot);
            at += slot;
            byte[] actual = new byte[slot];
            Arrays.fill(actual, (byte) 0xCC);
            System.arraycopy(one.getValue(), 0, actual, 0, one.getValue().length);
            if (!Arrays.equals(expected, actual) && count++ < 20) {
                differences.append('\n').append(one.getKey()).append("\n  as   ").append(hex(expected))
                    .append("\n  ours ").append(hex(actual));
            }
        }
        assertEquals(cases.size() * slot, theirs.length, "total size");
        assertEquals(0, count, count + " of " + cases.size() + " differ:" + differences);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.ofDelimiter(" ").formatHex(bytes).replaceAll("( cc)+$", "");
    }

    /** The bytes of a source text; skips the test where there is no GNU as, except in CI. */
    private byte[] assemble(String source) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("jquant-as");
        try {
            Path text = Files.writeString(folder.resolve("a.s"), source);
            Path object = folder.resolve("a.o");
            Path binary = folder.resolve("a.bin");
            run(folder, source, List.of(prefix + "as", option, text.toString(), "-o", object.toString()));
            run(folder, source, List.of(prefix + "objcopy", "-O", "binary", "-j", ".text", object.toString(),
                binary.toString()));
            return Files.readAllBytes(binary);
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void run(Path folder, String source, List<String> command)
            throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        } catch (IOException e) {
            if (Boolean.parseBoolean(System.getenv("CI"))) {
                fail(command.getFirst() + " is needed in CI: " + e.getMessage(), e);
            }
            abort(command.getFirst() + " (Debian package " + debianPackage + ") is not installed: " + e.getMessage());
            return;
        }
        if (process.waitFor() != 0) {
            String[] lines = source.split("\n", -1);
            fail(command.getFirst() + ": " + Files.readAllLines(log).stream().limit(20)
                .map(line -> line + withSource(line, lines)).collect(Collectors.joining("\n")));
        }
    }

    private static String withSource(String message, String[] lines) {
        return IntStream.of(Stream.of(message.split(":", -1)).filter(s -> s.matches("\\d{1,7}"))
            .mapToInt(Integer::parseInt).toArray()).filter(n -> n >= 1 && n <= lines.length)
            .mapToObj(n -> " <" + lines[n - 1] + ">").collect(Collectors.joining());
    }
}

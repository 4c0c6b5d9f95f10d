// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench;

import io.jquant.bench.measure.Statistics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * From the start of a JVM to its first matrix product of 256 x 256 x 256: engine chosen, weights packed, answered. With
 * no flag but that for native access, and with a cache of loaded classes (JEP 514) besides; in turns.
 */
final class StartUp {
    private static final int RUNS = 15;
    private static final List<String> EVENTS = List.of(FirstAnswer.BEGUN, FirstAnswer.CHOSEN, FirstAnswer.ANSWERED);

    /** How a JVM is started. */
    private enum Way {
        PLAIN("as it is"), CACHE("with an AOT cache");

        private final String text;

        Way(String text) {
            this.text = text;
        }
    }

    private final Map<Way, List<List<Double>>> times = new EnumMap<>(Way.class);
    private String chosen = "";

    private StartUp() {
    }

    /** Starts processes one after another, and prints how long each took. */
    static void measure(PrintWriter out) throws IOException {
        Path folder = Files.createTempDirectory("jquant-start-up");
        Path cache = folder.resolve("start.aot");
        // when this process is told to end, nothing below is reached; what is named last goes first
        folder.toFile().deleteOnExit();
        cache.toFile().deleteOnExit();
        try {
            new StartUp().measure(out, cache);
        } finally {
            delete(folder);
        }
    }

    /** With what a JVM that could not make a cache left beside it. */
    private static void delete(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.deleteIfExists(folder);
    }

    private void measure(PrintWriter out, Path cache) throws IOException {
        time(List.of("-XX:AOTCacheOutput=" + cache));
        boolean cached = Files.exists(cache);
        for (int i = 0; i < RUNS; i++) {
            add(Way.PLAIN, time(List.of()));
            if (cached) {
                add(Way.CACHE, time(List.of("-XX:AOTCache=" + cache)));
            }
        }
        out.printf(Locale.ROOT, "JVM start to the first 256x256x256 answered, %s, medians of %d runs, ms%n", chosen,
                RUNS);
        out.printf(Locale.ROOT, "%-20s %12s %14s %14s%n", "", "main begun", "engine chosen", "answered");
        times.forEach((way, events) -> out.printf(Locale.ROOT, "%-20s %12.0f %14.0f %14.0f%n", way.text,
                Statistics.median(events.get(0)), Statistics.median(events.get(1)), Statistics.median(events.get(2))));
        if (!cached) {
            out.println("no AOT cache: this JVM makes none of this class path");
        }
        out.flush();
    }

    private void add(Way way, List<Double> events) {
        List<List<Double>> lists = times.computeIfAbsent(way,
                _ -> List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
        for (int i = 0; i < lists.size(); i++) {
            lists.get(i).add(events.get(i));
        }
    }

    private List<Double> time(List<String> flags) throws IOException {
        long start = System.nanoTime();
        List<String> command = command(flags);
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        List<Double> events = new ArrayList<>();
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (events.size() < EVENTS.size() && line.equals(EVENTS.get(events.size()))) {
                    events.add((System.nanoTime() - start) / 1e6);
                } else if (line.contains("/")) {
                    chosen = line;
                }
            }
        } finally {
            process.destroy();
        }
        if (events.size() < EVENTS.size()) {
            throw new IOException("the process that was to be timed gave no answer: " + String.join(" ", command));
        }
        return events;
    }

    private static List<String> command(List<String> flags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (argument.startsWith("-Djquant.")) {
                command.add(argument);
            }
        }
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FirstAnswer.class.getName()));
        return command;
    }
}

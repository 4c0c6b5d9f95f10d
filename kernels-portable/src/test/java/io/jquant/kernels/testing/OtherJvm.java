// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM on this one's class path, for flags that this one was not started with, and for what may end a JVM. */
public final class OtherJvm {
    private static final int SHOWN = 40;

    private OtherJvm() {
    }

    /**
     * Runs a program and returns what it says, both streams. It is a failure, with the last that was said, if the
     * program fails, ends its JVM or does not end in time.
     *
     * @param folder where a crash is reported to
     * @param limit how long it may take
     * @param flags the JVM's
     * @param program the program
     * @param arguments its arguments
     */
    public static String run(Path folder, Duration limit, List<String> flags, Class<?> program,
            String... arguments) throws IOException, InterruptedException {
        Path log = Files.createTempFile(folder, "output", ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-XX:ErrorFile=" + folder.resolve("crash%p.log"), "-cp",
                System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            String output = Files.readString(log, StandardCharsets.UTF_8).replace('\r', '\n');
            if (!ended || process.exitValue() != 0) {
                throw new AssertionError(program.getSimpleName() + " " + flags + (ended ? " ends with "
                        + process.exitValue() : " still runs after " + limit) + ": " + last(output));
            }
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    private static String last(String output) {
        List<String> lines = output.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN), lines.size()));
    }
}

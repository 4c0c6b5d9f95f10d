// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench;

import io.jquant.bench.report.JsonReader;
import io.jquant.bench.report.Results;
import io.jquant.bench.report.ResultsJson;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** This program once more, in an environment that libraries read when their code is loaded. */
final class Relaunch {
    private Relaunch() {
    }

    /** Whether this process has another environment than is wanted. */
    static boolean isNeeded(Map<String, String> environment) {
        return environment.entrySet().stream().anyMatch(each -> !each.getValue().equals(System.getenv(each.getKey())));
    }

    /**
     * Runs the program.
     *
     * @param arguments its arguments
     * @param environment what is added to this process's environment
     * @return what it has measured
     * @throws IOException if it cannot be started, or fails
     */
    static Results run(List<String> arguments, Map<String, String> environment) throws IOException {
        Path file = Files.createTempFile("jquant-bench", ".json");
        // when this process is told to end, nothing below is reached
        file.toFile().deleteOnExit();
        try {
            List<String> command = command(BenchMain.class);
            command.add("bench");
            command.addAll(arguments);
            command.addAll(List.of("--results", file.toString()));
            int status = start(command, environment);
            if (status != 0) {
                throw new IOException("measuring in an environment of " + environment + " failed: exit status "
                        + status);
            }
            return ResultsJson.read(JsonReader.read(Files.readString(file)));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** This JVM with its flags and class path, and a main class. */
    static List<String> command(Class<?> main) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return command;
    }

    private static int start(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(environment);
        Process process = builder.start();
        Thread stop = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            throw new IOException("interrupted", e);
        } finally {
            if (!process.isAlive()) {
                Runtime.getRuntime().removeShutdownHook(stop);
            }
        }
    }
}

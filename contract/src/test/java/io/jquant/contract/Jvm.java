// SPDX-License-Identifier: Apache-2.0
package io.jquant.contract;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Other JVMs, on what this one's class path has. */
final class Jvm {
    private static final List<String> LIBRARIES =
            List.of("dispatch", "codegen", "kernels-portable", "kernels-x86", "kernels-arm", "jna");

    private Jvm() {
    }

    static List<String> classPath() {
        return List.of(System.getProperty("java.class.path").split(File.pathSeparator));
    }

    /** What runs jquant: its modules and JNA, without tests. */
    static List<String> libraries() {
        return classPath().stream().filter(entry -> !entry.contains("test-classes"))
                .filter(entry -> LIBRARIES.stream().anyMatch(entry::contains)).toList();
    }

    static String joined(List<String> entries) {
        return String.join(File.pathSeparator, entries);
    }

    /** Starts a JVM and returns what it says, both streams; its failure is one of the test. */
    static String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(command + ": " + output);
        }
        return output;
    }
}

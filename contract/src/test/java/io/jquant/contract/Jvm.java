// SPDX-License-Identifier: Apache-2.0
package io.jquant.contract;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Other JVMs, on what this one's class path has. */
final class Jvm {
    private static final List<String> LIBRARIES =
            List.of("dispatch", "codegen", "kernels-portable", "kernels-x86", "kernels-arm", "jna");

    static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

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
        command.add(JAVA);
        command.addAll(List.of(arguments));
        return output(command);
    }

    /** Runs a command and returns what it says, both streams; its failure is one of the test. */
    static String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(command + ": " + output);
        }
        return output;
    }

    /** Whether a command, with one more argument, is there and succeeds. */
    static boolean canRun(List<String> command, String last) throws InterruptedException {
        List<String> all = new ArrayList<>(command);
        all.add(last);
        try {
            return new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(Redirect.DISCARD).start()
                    .waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.quantization.CalibrationJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that are killed in the middle of their work: what was there before is as it was, and the work can be gone
 * on with or done again. {@code -Djquant.test.cases=N} kills N times each.
 */
@Timeout(600)
class KillTest {
    private static final Path MODEL = Run.DATA.resolve("resnet8-cifar10.onnx");
    private static final Path IMAGES = Run.DATA.resolve("cifar10-lossless-calibration.bin");
    private static final int CASES = Integer.getInteger("jquant.test.cases", 1);
    private static final byte[] EARLIER = "earlier".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    private Process start(Object... arguments) throws IOException {
        return start(List.of(), arguments);
    }

    private Process start(List<String> before, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(ProcessHandle.current().info().command().orElseThrow(),
                "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), "io.jquant.cli.Main"));
        Arrays.stream(arguments).map(Object::toString).forEach(command::add);
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    /** Kills a process, as {@code kill -9} does, as soon as something is so; it may have ended before. */
    private static void killWhen(BooleanSupplier reached, Process process) throws InterruptedException {
        while (process.isAlive() && !reached.getAsBoolean()) {
            LockSupport.parkNanos(100_000);
        }
        process.destroyForcibly();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    }

    /** Starts a process that heeds SIGINT, which what starts the tests may have had them ignore. */
    private Process startInterruptible(Object... arguments) throws IOException {
        return start(List.of("env", "--default-signal=INT"), arguments);
    }

    private static void assumeEnvResetsSignals() throws IOException, InterruptedException {
        int status = new ProcessBuilder("sh", "-c", "env --default-signal=INT true 2> /dev/null").start().waitFor();
        Assumptions.assumeTrue(status == 0, "this env has no --default-signal");
    }

    /** What Ctrl-C does. */
    private static void interruptWhen(BooleanSupplier reached, Process process)
            throws IOException, InterruptedException {
        while (process.isAlive() && !reached.getAsBoolean()) {
            LockSupport.parkNanos(100_000);
        }
        // it may have ended, and then there is nobody to be told
        var _ = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    }

    private Set<Path> temporaries() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".tmp")).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object[] calibrate(Path output) {
        return new Object[] {"calibrate", MODEL, "--data", IMAGES, "--limit", "48", "--batch", "4", "--save-every", "0",
            "-o", output};
    }

    private byte[] calibratedInOneGo() throws IOException {
        Path output = folder.resolve("whole.jqc");
        assertEquals(0, Run.of(calibrate(output)).status());
        return Files.readAllBytes(output);
    }

    @Test
    void calibrateGoesOnAndFindsTheSameBits() throws IOException, InterruptedException {
        Path output = Files.write(folder.resolve("found.jqc"), EARLIER);
        Path state = CalibrationJob.stateOf(output);
        for (int i = 0; i < CASES; i++) {
            byte[] before = Files.exists(state) ? Files.readAllBytes(state) : new byte[0];
            killWhen(() -> isOther(state, before), start(calibrate(output)));
            assertTrue(Files.exists(state), Files.readString(folder.resolve("log")));
            assertArrayEquals(EARLIER, Files.readAllBytes(output));
        }
        Run rest = Run.of(calibrate(output));
        assertEquals(0, rest.status(), rest.err());
        assertTrue(rest.err().matches("jquant: going on after [0-9]+ of 48 samples\\R"), rest.err());
        assertArrayEquals(calibratedInOneGo(), Files.readAllBytes(output));
        assertFalse(Files.exists(state));
        assertEquals(Set.of(), temporaries());
    }

    private static boolean isOther(Path state, byte[] before) {
        try {
            return Files.exists(state) && !Arrays.equals(before, Files.readAllBytes(state));
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no signals to send")
    void aPoliteRequestToEndSavesAndSaysSo() throws IOException, InterruptedException {
        Path output = folder.resolve("found.jqc");
        Path state = CalibrationJob.stateOf(output);
        Process process = start(calibrate(output));
        while (process.isAlive() && !Files.exists(state)) {
            LockSupport.parkNanos(100_000);
        }
        // SIGTERM: what starts tests may have them ignore SIGINT, which the JVM treats alike
        process.destroy();
        assertEquals(128 + 15, process.waitFor());
        String log = Files.readString(folder.resolve("log"));
        assertTrue(log.contains(" of 48 samples; the same command goes on from there"), log);
        assertFalse(Files.exists(output));
        assertEquals(Set.of(), temporaries());
        assertEquals(0, Run.of(calibrate(output)).status());
        assertArrayEquals(calibratedInOneGo(), Files.readAllBytes(output));
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no signals to send")
    void ctrlCWhileCalibratingSavesAndSaysSo() throws IOException, InterruptedException {
        assumeEnvResetsSignals();
        Path output = folder.resolve("found.jqc");
        Path state = CalibrationJob.stateOf(output);
        Process process = startInterruptible(calibrate(output));
        interruptWhen(() -> Files.exists(state), process);
        String log = Files.readString(folder.resolve("log"));
        assertEquals(Interruption.STATUS, process.exitValue(), log);
        assertTrue(log.contains(" of 48 samples; the same command goes on from there"), log);
        assertFalse(Files.exists(output));
        assertEquals(Set.of(), temporaries());

        Path int8 = Files.write(folder.resolve("int8.onnx"), EARLIER);
        Process quantize = startInterruptible("quantize", MODEL, "--calibrate", IMAGES, "-o", int8);
        assertFalse(quantize.waitFor(1500, TimeUnit.MILLISECONDS), "was done in less than a second and a half");
        interruptWhen(() -> true, quantize);
        assertEquals(Interruption.STATUS, quantize.exitValue(), Files.readString(folder.resolve("log")));
        assertArrayEquals(EARLIER, Files.readAllBytes(int8));
        assertEquals(Set.of(), temporaries());
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no signals to send")
    void ctrlCWhileAFileIsWrittenLeavesNoHalfOne() throws IOException, InterruptedException {
        assumeEnvResetsSignals();
        Path calibration = folder.resolve("c.jqc");
        assertEquals(0, Run.of(calibrate(calibration)).status());
        Path output = folder.resolve("output");
        for (Object[] work : new Object[][] {
            {"quantize", MODEL, "--calibration", calibration, "-o", output},
            {"quantize", MODEL, "--calibration", calibration, "--format", "packed", "-o", output},
            {"export-trt", MODEL, "--calibration", calibration, "-o", output}}) {
            assertEquals(0, Run.of(work).status());
            byte[] whole = Files.readAllBytes(output);
            for (int i = 0; i < CASES; i++) {
                Files.write(output, EARLIER);
                Process process = startInterruptible(work);
                interruptWhen(() -> !temporaries().isEmpty(), process);
                byte[] found = Files.readAllBytes(output);
                boolean done = Arrays.equals(whole, found);
                assertTrue(done || Arrays.equals(EARLIER, found), found.length + " bytes");
                assertTrue(process.exitValue() == Interruption.STATUS || (done && process.exitValue() == 0),
                        "status " + process.exitValue() + ": " + Files.readString(folder.resolve("log")));
                assertEquals(Set.of(), temporaries());
            }
        }
    }

    @Test
    void quantizeAndExportLeaveTheEarlierFileOrTheWholeNewOne() throws IOException, InterruptedException {
        Path calibration = folder.resolve("c.jqc");
        assertEquals(0, Run.of(calibrate(calibration)).status());
        Path output = folder.resolve("output");
        for (Object[] work : new Object[][] {
            {"quantize", MODEL, "--calibration", calibration, "-o", output},
            {"export-trt", MODEL, "--calibration", calibration, "-o", output}}) {
            assertEquals(0, Run.of(work).status());
            byte[] whole = Files.readAllBytes(output);
            for (int i = 0; i < CASES; i++) {
                Files.write(output, EARLIER);
                Set<Path> before = temporaries();
                // the moment at which the file is being written
                killWhen(() -> !before.containsAll(temporaries()), start(work));
                byte[] found = Files.readAllBytes(output);
                assertTrue(Arrays.equals(EARLIER, found) || Arrays.equals(whole, found), found.length + " bytes");
            }
            assertEquals(0, Run.of(work).status());
            assertArrayEquals(whole, Files.readAllBytes(output));
            assertEquals(Set.of(), temporaries());
        }
    }

    @Test
    void quantizeKilledWhileItCalibratesLeavesNothing() throws IOException, InterruptedException {
        Path output = Files.write(folder.resolve("output"), EARLIER);
        Process process = start("quantize", MODEL, "--calibrate", IMAGES, "-o", output);
        assertFalse(process.waitFor(1500, TimeUnit.MILLISECONDS), "was done in less than a second and a half");
        process.destroyForcibly();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertArrayEquals(EARLIER, Files.readAllBytes(output));
        assertEquals(Set.of(), temporaries());
    }
}

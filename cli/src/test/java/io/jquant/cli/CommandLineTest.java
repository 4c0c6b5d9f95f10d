// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Help, usage and errors: one line that names what is wrong, the right exit status, nothing half written. */
class CommandLineTest {
    private static final Path MODEL = Run.DATA.resolve("resnet8-cifar10.onnx");
    private static final Path IMAGES = Run.DATA.resolve("cifar10-lossless-calibration.bin");

    @TempDir
    private Path folder;

    @AfterEach
    void chooseFreely() {
        System.clearProperty("jquant.engine");
        System.clearProperty("jquant.threads");
    }

    @ParameterizedTest
    @ValueSource(strings = {"info", "quantize", "calibrate", "run", "eval", "compare", "inspect", "export-trt", "demo"})
    void everyCommandHasHelp(String command) {
        Run run = Run.of(command, "--help");
        assertEquals(0, run.status());
        assertTrue(run.out().startsWith("Usage: jquant " + command), run.out());
    }

    @Test
    void versionAndHelpOfTheWhole() {
        assertTrue(Run.of("--version").out().startsWith("jquant "));
        Run run = Run.of("--help");
        assertEquals(0, run.status());
        assertTrue(run.out().contains("-Djquant.engine="), run.out());
    }

    private static void assertFails(int status, String message, Object... arguments) {
        Run run = Run.of(arguments);
        assertEquals(status, run.status(), run.err());
        assertTrue(run.err().startsWith("jquant: "), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().contains(message), run.err());
    }

    @Test
    void wrongUsageIsToldInOneLine() {
        assertFails(2, "a command is missing");
        assertFails(2, "Unmatched argument at index 0: 'nonsense'", "nonsense");
        assertFails(2, "'--nonsense'", "info", "--nonsense");
        assertFails(2, "--calibrate", "quantize", MODEL, "-o", folder.resolve("x.onnx"));
        assertFails(2, "must be given one of --calibrate", "quantize", MODEL, "--dynamic", "--calibrate", IMAGES, "-o",
                folder.resolve("x.onnx"));
        assertFails(2, "--weight-bits = 5: must be 8 or 4", "quantize", MODEL, "--dynamic", "-o",
                folder.resolve("x.onnx"), "--weight-bits", "5");
        assertFails(2, "groupSize = 48: must be 16, 32, 64, 128 or 256", "quantize", MODEL, "--dynamic", "-o",
                folder.resolve("x.onnx"), "--weight-bits", "4", "--group-size", "48");
        assertFails(2, "--keep-float = pattern:(", "quantize", MODEL, "--calibrate", IMAGES, "-o",
                folder.resolve("x.onnx"), "--keep-float", "pattern:(");
        assertFails(2, "--engine = tpu: must be", "quantize", MODEL, "--calibrate", IMAGES, "-o",
                folder.resolve("x.onnx"), "--engine", "tpu");
        assertFails(2, "--std = 0.0: must be finite and not 0", "eval", MODEL, "--data", IMAGES, "--std", "0");
        assertFails(2, "--mean has 2 values: must have 1, or 3", "eval", MODEL, "--data", IMAGES, "--mean", "1,2");
        assertFails(2, "--limit = 0: must be 1 or more", "eval", MODEL, "--data", IMAGES, "--limit", "0");
        assertFails(2, "--batch = -1: must be 1 or more", "eval", MODEL, "--data", IMAGES, "--batch", "-1");
        assertFails(2, "must be a .npy, .npz, .bin", "eval", MODEL, "--data", MODEL);
        assertFails(2, "must be another file than " + MODEL, "quantize", MODEL, "--calibrate", IMAGES, "-o", MODEL);
        assertFails(2, "the model has no output nonsense", "run", MODEL, "--input", IMAGES, "-o", "nonsense=x.npy");
        assertFails(2, "must be another file than " + IMAGES, "quantize", MODEL, "--calibrate", IMAGES, "-o", IMAGES);
        assertFails(2, "must be another file than " + MODEL, "compare", MODEL, MODEL, "--data", IMAGES, "--html",
                MODEL);
        Path page = folder.resolve("page.html");
        assertFails(2, page + ": must be given for one output only", "compare", MODEL, MODEL, "--data", IMAGES,
                "--html", page, "--csv", page);
        assertFails(2, "the file's name must end in .npy", "run", MODEL, "--input", IMAGES, "-o", "x.txt");
    }

    @Test
    void anOptionThatWouldBeIgnoredIsRefused() {
        Path out = folder.resolve("x.onnx");
        for (String option : List.of("--per-row", "--embedding-bits=8", "--weight-bits=4", "--group-size=32")) {
            assertFails(2, option.replaceFirst("=.*", "") + ": must be given with --dynamic", "quantize", MODEL,
                    "--calibrate", IMAGES, "-o", out, option);
        }
        for (String option : List.of("--observer=entropy", "--reduce-range", "--equalize", "--correct-bias")) {
            assertFails(2, option.replaceFirst("=.*", "") + ": must be given with --calibrate, not with --dynamic",
                    "quantize", MODEL, "--dynamic", "-o", out, option);
        }
        assertFails(2, "--observer: must be given with --calibrate, or to the command calibrate", "quantize", MODEL,
                "--calibration", folder.resolve("x.jqc"), "-o", out, "--observer", "entropy");
        assertFails(2, "--group-size: must be given with --weight-bits 4", "quantize", MODEL, "--dynamic", "-o", out,
                "--group-size", "64");
    }

    @Test
    void wrongPropertiesAreWrongUsage() {
        System.setProperty("jquant.engine", "nonsense");
        assertFails(2, "jquant.engine = nonsense: must be auto or one of fbgemm, portable, qnnpack", "info");
        System.clearProperty("jquant.engine");
        System.setProperty("jquant.threads", "many");
        assertFails(2, "jquant.threads = many", "info");
    }

    @Test
    void filesThatAreNotThereOrNotWhatTheyShouldBe() throws IOException {
        Path nowhere = folder.resolve("nowhere");
        Path empty = Files.createFile(folder.resolve("empty.bin"));
        Path text = Files.writeString(folder.resolve("text.onnx"), "this is not a model");
        Path half = folder.resolve("half.onnx");
        byte[] whole = Files.readAllBytes(MODEL);
        Files.write(half, Arrays.copyOf(whole, whole.length / 2));
        assertFails(1, "nowhere: no such file", "eval", nowhere, "--data", IMAGES);
        assertFails(1, "nowhere.bin: no such file", "eval", MODEL, "--data", folder.resolve("nowhere.bin"));
        assertFails(1, "empty.bin: 0 bytes: CIFAR-10 files have a multiple of 3073", "eval", MODEL, "--data", empty);
        assertFails(1, "text.onnx", "eval", text, "--data", IMAGES);
        assertFails(1, "half.onnx", "eval", half, "--data", IMAGES);
        assertFails(1, folder.toString(), "eval", folder, "--data", IMAGES);
        assertFails(1, "no .png, .jpg or .jpeg file", "eval", MODEL, "--data", Files.createDirectory(nowhere));
    }

    @Test
    void aModelThatCannotBeWrittenLeavesNothingBehind() throws IOException {
        Path target = Files.createDirectory(folder.resolve("target"));
        assertFails(1, "is a folder, must be a file", "quantize", MODEL, "--calibrate", IMAGES, "-o", target,
                "--limit", "2");
        Path missing = folder.resolve("missing").resolve("out.onnx");
        assertFails(1, "missing", "quantize", MODEL, "--calibrate", IMAGES, "-o", missing, "--limit", "2");
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(1, left.count());
        }
        Path output = Files.writeString(folder.resolve("earlier.onnx"), "earlier");
        assertFails(1, "nowhere.npy", "quantize", MODEL, "--calibrate", folder.resolve("nowhere.npy"), "-o", output);
        assertEquals("earlier", Files.readString(output));
    }

    @Test
    void theStackTraceIsForVerbose() {
        Run run = Run.of("eval", folder.resolve("nowhere"), "--data", IMAGES, "--verbose");
        assertEquals(1, run.status());
        assertTrue(run.err().contains("NoSuchFileException"), run.err());
        assertTrue(run.err().contains("\tat "), run.err());
        assertFalse(run.out().contains("\tat "));
    }
}

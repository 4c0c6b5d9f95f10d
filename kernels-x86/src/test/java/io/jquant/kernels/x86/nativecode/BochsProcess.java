// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Bochs on a PC with nothing but a ROM and a disk, in a folder of its own. */
final class BochsProcess implements AutoCloseable {
    /** Of 16 heads and 63 sectors; the disk is large so that its head has a short way within what is used of it. */
    private static final int CYLINDERS = 400;

    private static final Path ROOT = Path.of(System.getenv().getOrDefault("JQUANT_X86_HOME",
            System.getProperty("user.home") + "/.cache/jquant-x86"), "root");
    private static final Path BOCHS = ROOT.resolve("usr/bin/bochs-bin");
    private static final Path LIBRARIES = ROOT.resolve("usr/lib/x86_64-linux-gnu");

    private final Path folder;
    private final Process process;

    /** {@return why there is none here, empty if there is} */
    static String whyNot() {
        return Files.isExecutable(BOCHS) ? "" : "no Bochs where tools/x86/setup puts it";
    }

    /**
     * Starts the emulator.
     *
     * @param model a CPU, by the emulator's name
     */
    BochsProcess(String model) throws IOException {
        folder = Files.createTempDirectory("jquant-x86");
        try (RandomAccessFile disk = new RandomAccessFile(disk().toFile(), "rw")) {
            disk.setLength(CYLINDERS * 16L * 63 * 512);
        }
        makeRom();
        // there has to be one; its bytes' sum is 0
        Files.write(folder.resolve("screen-rom"), Arrays.copyOf(new byte[] {0x55, (byte) 0xAA, 1}, 512));
        Files.writeString(folder.resolve("bochsrc"), configuration(model));
        ProcessBuilder builder = new ProcessBuilder(LIBRARIES.resolve("ld-linux-x86-64.so.2").toString(),
                "--inhibit-cache", "--library-path", LIBRARIES + ":" + ROOT.resolve("usr/lib"), BOCHS.toString(),
                "-q", "-f", "bochsrc").directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(folder.resolve("screen").toFile());
        builder.environment().put("LTDL_LIBRARY_PATH", LIBRARIES.resolve("bochs/plugins").toString());
        builder.environment().put("BXSHARE", ROOT.resolve("usr/share/bochs").toString());
        builder.environment().put("TERMINFO_DIRS", ROOT.resolve("usr/share/terminfo") + ":"
                + ROOT.resolve("usr/lib/terminfo") + ":/lib/terminfo");
        builder.environment().put("TERM", "vt100");
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    int pid() {
        return Math.toIntExact(process.pid());
    }

    Path disk() {
        return folder.resolve("disk");
    }

    /** Throws if it has ended. */
    void assertRuns() {
        if (!process.isAlive()) {
            throw new IllegalStateException("Bochs ended: " + process.exitValue() + "\n" + log());
        }
    }

    /** Its last words. */
    String log() {
        try {
            Path log = folder.resolve("log");
            String text = Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
            return text.substring(Math.max(0, text.length() - 4000));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void makeRom() throws IOException {
        Path source = folder.resolve("rom.S");
        try (InputStream from = BochsProcess.class.getResourceAsStream("rom.S")) {
            Files.copy(from, source);
        }
        make("as", "--64", "-o", "rom.o", "rom.S");
        make("objcopy", "-O", "binary", "-j", ".text", "rom.o", "rom");
    }

    private void make(String... command) throws IOException {
        Process made = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        String output = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (made.waitFor() != 0) {
                throw new IOException(List.of(command) + ": " + output);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String configuration(String model) {
        // few instructions a microsecond make devices slow, too few make the emulator look after its screen too often
        return """
                config_interface: textconfig
                display_library: term
                plugin_ctrl: unmapped=1, biosdev=1, speaker=0, extfpuirq=1, parallel=0, serial=0, e1000=0
                romimage: file=rom
                vgaromimage: file=screen-rom
                cpu: model=%s, count=1, ips=20000000, reset_on_triple_fault=0
                memory: guest=128, host=128
                pci: enabled=0
                ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
                ata0-master: type=disk, mode=flat, path=disk, cylinders=%d, heads=16, spt=63
                boot: disk
                clock: sync=none, time0=local
                log: log
                panic: action=fatal
                error: action=report
                info: action=report
                debug: action=ignore
                """.formatted(model, CYLINDERS);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jquant.kernels.common.OutputBlock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An Arm CPU that an emulator imitates, for kernels alone: this JVM stays on its own CPU. A small program in the
 * emulator maps the file that is mapped here, waits for a byte, calls a kernel, and answers a byte. Every operand ends
 * where the program's memory does, so that access beyond it ends the program.
 */
final class EmulatedMachine implements Machine {
    /** What the file has room for, each with a piece of address space behind it where there is no memory. */
    enum Slot {
        HEADER, CODE, INPUT, OUTPUT, ADDEND, WEIGHTS, TERMS, ROW_SUMS;

        /** Bytes. */
        static final long SIZE = 16 << 20;

        /** Where the program finds it. */
        long address() {
            return (1L << 32) + 2 * offset();
        }

        /** Where it is in the file: one behind the other, as they stand above. */
        @SuppressWarnings("EnumOrdinal")
        long offset() {
            return ordinal() * SIZE;
        }
    }

    /** Where the header has the kernel's address and its arguments, and the byte that is passed to and fro. */
    static final int CALL = 0;
    static final int MESSAGE = 256;
    private static final long ARGUMENTS = 4096;

    private static final Path EMULATOR = emulator();

    private final Arena arena = Arena.ofShared();
    private final Path file;
    private final Path program;
    private final MemorySegment memory;
    private final Process process;
    private final Map<MemorySegment, Long> codes = new HashMap<>();
    private long codeBytes;

    /** {@return why there is none here, empty if there is} */
    static String whyNot() {
        return EMULATOR != null && Files.isExecutable(EMULATOR) ? ""
                : "no qemu-aarch64 on the PATH, nor where tools/arm/setup puts it";
    }

    private static Path emulator() {
        List<Path> folders = new ArrayList<>();
        String own = System.getenv("JQUANT_ARM_HOME");
        folders.add(own != null ? Path.of(own, "bin")
                : Path.of(System.getProperty("user.home"), ".cache", "jquant-arm", "bin"));
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            folders.add(Path.of(folder));
        }
        return folders.stream().map(folder -> folder.resolve("qemu-aarch64")).filter(Files::isExecutable).findFirst()
                .orElse(null);
    }

    EmulatedMachine(String cpu) {
        try {
            file = Files.createTempFile("jquant-arm", ".memory");
            file.toFile().deleteOnExit();
            long bytes = Slot.values().length * Slot.SIZE;
            try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
            }
            program = Files.createTempFile("jquant-arm", ".program");
            program.toFile().deleteOnExit();
            Files.write(program, EmulatedProgram.of(file));
            if (!program.toFile().setExecutable(true)) {
                throw new IOException(program + " cannot be made executable");
            }
            process = new ProcessBuilder(EMULATOR.toString(), "-cpu", cpu, program.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void run(MemorySegment code, MemorySegment input, MemorySegment output, MemorySegment addend,
            MemorySegment arguments, MemorySegment weights, OutputBlock block) {
        MemorySegment header = memory.asSlice(Slot.HEADER.offset(), Slot.SIZE);
        header.set(JAVA_LONG, CALL, codes.computeIfAbsent(code, this::addCode));
        header.set(JAVA_LONG, CALL + 8, place(Slot.INPUT, input));
        long outputAt = place(Slot.OUTPUT, output);
        header.set(JAVA_LONG, CALL + 16, outputAt);
        header.set(JAVA_LONG, CALL + 24, place(Slot.ADDEND, addend));
        header.set(JAVA_LONG, CALL + 32, Slot.HEADER.address() + ARGUMENTS);
        MemorySegment told = header.asSlice(ARGUMENTS, arguments.byteSize()).copyFrom(arguments);
        long weightsAt = place(Slot.WEIGHTS, weights);
        if (block != null) {
            move(told, weights, weightsAt, ArmArguments.B);
            moveTerms(told, block);
        } else if (weights.byteSize() > 0) {
            move(told, weights, weightsAt, ArmArguments.B, ArmArguments.BIAS);
        }
        call();
        long from = outputAt - Slot.OUTPUT.address() + Slot.OUTPUT.offset();
        MemorySegment.copy(memory, from, output, 0, output.byteSize());
    }

    private void moveTerms(MemorySegment told, OutputBlock block) {
        // raw sums may have none
        MemorySegment terms = block.terms == null ? null : block.terms.segment();
        if (terms != null) {
            move(told, terms, place(Slot.TERMS, terms), ArmArguments.INITIAL, ArmArguments.MULTIPLIER,
                    ArmArguments.BIAS, ArmArguments.WEIGHT_ZERO_POINT);
        }
        if (block.rowSums != null) {
            move(told, block.rowSums, place(Slot.ROW_SUMS, block.rowSums), ArmArguments.ROW_SUMS);
        }
    }

    /** Copies an operand to the end of its slot; returns where the program finds it. */
    private long place(Slot slot, MemorySegment operand) {
        long at = Slot.SIZE - operand.byteSize();
        if (at < 0) {
            throw new IllegalArgumentException(slot + " has " + operand.byteSize() + " bytes: too many");
        }
        MemorySegment.copy(operand, 0, memory, slot.offset() + at, operand.byteSize());
        return slot.address() + at;
    }

    /** Code stays where it is: the emulator would not see it change. */
    private long addCode(MemorySegment code) {
        MemorySegment.copy(code, 0, memory, Slot.CODE.offset() + codeBytes, code.byteSize());
        long address = Slot.CODE.address() + codeBytes;
        codeBytes = (codeBytes + code.byteSize() + 63) & -64;
        return address;
    }

    private static void move(MemorySegment arguments, MemorySegment from, long to, int... addresses) {
        for (int at : addresses) {
            arguments.set(JAVA_LONG, at, arguments.get(JAVA_LONG, at) - from.address() + to);
        }
    }

    private void call() {
        try {
            process.getOutputStream().write(1);
            process.getOutputStream().flush();
            if (process.getInputStream().read() < 0) {
                throw new IllegalStateException("the emulated program ended: status " + process.waitFor());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized void close() {
        process.destroy();
        arena.close();
        try {
            process.waitFor();
            Files.deleteIfExists(file);
            Files.deleteIfExists(program);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

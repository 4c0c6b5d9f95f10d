// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.kernels.x86.nativecode.EmulatedPc.CALL;
import static io.jquant.kernels.x86.nativecode.EmulatedPc.FAULTED;
import static io.jquant.kernels.x86.nativecode.EmulatedPc.RESUME;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;

/** An x86 CPU that an emulator imitates, for kernels alone: this JVM stays on its own CPU. */
final class EmulatedMachine implements Machine {
    private static final long PAGE_FAULT = 14;
    /** What the ROM puts into registers that kernels have to keep, and adds their number to. */
    private static final long SAVED = 0x5A5A5A5A5A5A5A00L;
    private static final int SAVED_REGISTERS = 6;
    private static final int REGISTERS = 8;
    /** The stack, with two arguments on it. */
    private static final long STACK = 0x90000 - 16;
    private static final long BACKWARDS = 1 << 10;
    private static final long TILES = 1 << 17;

    private final EmulatedPc pc;
    private final EmulatedMemory memory;

    /**
     * Starts one.
     *
     * @param model a CPU, by the emulator's name
     */
    EmulatedMachine(String model) {
        pc = new EmulatedPc(model);
        memory = new EmulatedMemory(pc);
    }

    @Override
    public void run(MemorySegment code, MemorySegment input, MemorySegment output, MemorySegment addend,
            MemorySegment arguments) {
        execute(List.of(code, input, output, addend, arguments));
    }

    @Override
    public long score(MemorySegment code, MemorySegment query, MemorySegment rows, MemorySegment ordinals,
            MemorySegment results, long count, long rowCount, long toNorms) {
        return execute(List.of(code, query, rows, ordinals, results), count, rowCount, toNorms);
    }

    private synchronized long execute(List<MemorySegment> pointers, long... numbers) {
        long[] registers = new long[REGISTERS];
        memory.begin(pointers, registers);
        System.arraycopy(numbers, 0, registers, pointers.size(), numbers.length);
        for (int i = 0; i < REGISTERS; i++) {
            pc.message(24 + 8 * i, registers[i]);
        }
        for (long event = memory.send(CALL); event == FAULTED; event = memory.send(RESUME)) {
            long at = pc.answer(40);
            if (pc.answer(16) != PAGE_FAULT || !memory.fault(at)) {
                memory.forget();
                throw new IllegalStateException(String.format(Locale.ROOT,
                        "the kernel ended at byte %x: vector %d, error %x, address %x; called with %s",
                        pc.answer(32) - registers[0], pc.answer(16), pc.answer(24), at, pointers));
            }
        }
        long result = pc.answer(16);
        checkConvention();
        memory.copyBack();
        return result;
    }

    private void checkConvention() {
        for (int i = 0; i < SAVED_REGISTERS; i++) {
            if (pc.answer(24 + 8 * i) != SAVED + i + 1) {
                throw new IllegalStateException("a register that is to be kept is not: number " + i);
            }
        }
        if (pc.answer(72) != STACK || (pc.answer(80) & BACKWARDS) != 0 || (pc.answer(88) & 0xFFC0) != 0x1F80) {
            throw new IllegalStateException(String.format(Locale.ROOT, "stack %x, flags %x, mxcsr %x", pc.answer(72),
                    pc.answer(80), pc.answer(88)));
        }
        if ((pc.answer(96) & TILES) != 0) {
            throw new IllegalStateException("tiles are not released");
        }
    }

    @Override
    public synchronized void close() {
        pc.close();
    }
}

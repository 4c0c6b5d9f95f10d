// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Talks with the program in an emulated ROM, by the sectors of its disk: 0 has the number of the last message and 1 the
 * message, 2 the answer and 3 the number of the message that it is to, 8 to 15 what is to be done with pages before,
 * and those from 16 on these pages.
 */
@SuppressWarnings("restricted") // pages that may not be there are read by the system
final class EmulatedPc implements AutoCloseable {
    static final int PAGE = 4096;
    /** What can be done with pages in one message. */
    static final int MOST_ENTRIES = 256;

    /** What the program is to do. */
    static final int TELL = 0;
    static final int CALL = 1;
    static final int RESUME = 2;
    /** What it answers. */
    static final long RETURNED = 1;
    static final long FAULTED = 2;

    private static final int SECTOR = 512;
    private static final long LIST = 8L * SECTOR;
    private static final long DATA = 16L * SECTOR;
    private static final int ENTRY = 16;
    private static final int LOAD = 0;
    private static final int ZERO = 1;
    private static final int POKE = 2;
    private static final int STORE = 3;

    private static final int READ_WRITE = 2;
    private static final int STOP = 19;
    private static final int CONTINUE = 18;
    private static final long LIMIT = TimeUnit.MINUTES.toNanos(2);

    private final MethodHandle pwrite = call("pwrite", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private final MethodHandle pread = call("pread", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private final MethodHandle kill = call("kill", JAVA_INT, JAVA_INT, JAVA_INT);
    private final Arena arena = Arena.ofShared();
    private final BochsProcess process;
    private final MemorySegment disk;
    private final int file;
    private long sequence;
    private int entries;
    private int data;

    /**
     * Starts one.
     *
     * @param model a CPU, by the emulator's name
     */
    EmulatedPc(String model) {
        try {
            process = new BochsProcess(model);
            try (var channel = FileChannel.open(process.disk(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                disk = channel.map(FileChannel.MapMode.READ_WRITE, 0, DATA + (long) MOST_ENTRIES * PAGE, arena);
            }
            try (Arena names = Arena.ofConfined()) {
                file = (int) call("open", JAVA_INT, ADDRESS, JAVA_INT)
                        .invokeExact(names.allocateFrom(process.disk().toString()), READ_WRITE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        if (send(TELL) == FAULTED) {
            throw new IllegalStateException("the ROM does not come up: vector " + answer(16));
        }
    }

    private static MethodHandle call(String name, MemoryLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments));
    }

    /** {@return whether so many more things can be done with pages in the next message} */
    boolean hasRoom(int more) {
        return entries + more <= MOST_ENTRIES;
    }

    /** Where the next page to be loaded has to be put. */
    MemorySegment next() {
        return page(data);
    }

    /** A page of this process to there; false if there is none. */
    boolean readNext(long address) {
        try {
            return (long) pwrite.invokeExact(file, address, (long) PAGE, DATA + (long) data * PAGE) == PAGE;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Bytes to this process's memory; false if it may not be written. */
    boolean write(long address, byte[] from, int offset, int count) {
        MemorySegment.copy(from, offset, disk, JAVA_BYTE, DATA, count);
        try {
            return (long) pread.invokeExact(file, address, (long) count, DATA) == count;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** The next page goes to a frame. */
    void load(long frame) {
        entry(frame | LOAD, 0);
        data++;
    }

    void zero(long frame) {
        entry(frame | ZERO, 0);
    }

    void poke(long where, long value) {
        entry(where | POKE, value);
    }

    /** A frame's content goes where {@link #page} finds it. */
    void store(long frame) {
        entry(frame | STORE, 0);
    }

    private void entry(long what, long value) {
        if (entries == MOST_ENTRIES) {
            throw new IllegalStateException("too much for a message");
        }
        disk.set(JAVA_LONG, LIST + (long) ENTRY * entries, what);
        disk.set(JAVA_LONG, LIST + (long) ENTRY * entries + 8, value);
        entries++;
    }

    /** What was stored, or after a call a table. */
    MemorySegment page(int index) {
        return disk.asSlice(DATA + (long) index * PAGE, PAGE);
    }

    void message(int offset, long value) {
        disk.set(JAVA_LONG, SECTOR + (long) offset, value);
    }

    long answer(int offset) {
        return disk.get(JAVA_LONG, 2L * SECTOR + offset);
    }

    /** Sends a message; returns what the answer says that happened. */
    long send(int command) {
        sequence++;
        message(0, sequence);
        message(8, command);
        message(16, entries);
        entries = 0;
        data = 0;
        JAVA_LONG.varHandle().setRelease(disk, 0L, sequence);
        // one that looks for messages all the time has used up its share of the CPU when there is one
        signal(CONTINUE);
        long deadline = System.nanoTime() + LIMIT;
        for (int looks = 1; (long) JAVA_LONG.varHandle().getAcquire(disk, 3L * SECTOR) != sequence; looks++) {
            LockSupport.parkNanos(20_000);
            if (looks % 1000 == 0) {
                process.assertRuns();
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("Bochs does not answer\n" + process.log());
                }
            }
        }
        signal(STOP);
        return answer(8);
    }

    private void signal(int number) {
        int result;
        try {
            result = (int) kill.invokeExact(process.pid(), number);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        if (result != 0) {
            throw new IllegalStateException("Bochs is gone\n" + process.log());
        }
    }

    @Override
    public void close() {
        process.close();
        arena.close();
    }
}

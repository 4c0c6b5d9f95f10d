// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen;

import static io.jquant.codegen.x86.GeneralOp.ADD;
import static io.jquant.codegen.x86.GeneralOp.DEC;
import static io.jquant.codegen.x86.GeneralOp.JNZ;
import static io.jquant.codegen.x86.GeneralOp.JZ;
import static io.jquant.codegen.x86.GeneralOp.MOV;
import static io.jquant.codegen.x86.GeneralOp.RET;
import static io.jquant.codegen.x86.Gpr.R10;
import static io.jquant.codegen.x86.Gpr.R11;
import static io.jquant.codegen.x86.Gpr.RAX;
import static io.jquant.codegen.x86.Gpr.RBX;
import static io.jquant.codegen.x86.Gpr.RSI;
import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.IntegerOp.VPDPBUSD;
import static io.jquant.codegen.x86.IntegerOp.VPXORD;
import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU32;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU8;
import static io.jquant.codegen.x86.Tile.tmm;
import static io.jquant.codegen.x86.TileOp.LDTILECFG;
import static io.jquant.codegen.x86.TileOp.TDPBUSD;
import static io.jquant.codegen.x86.TileOp.TILELOADD;
import static io.jquant.codegen.x86.TileOp.TILERELEASE;
import static io.jquant.codegen.x86.TileOp.TILESTORED;
import static io.jquant.codegen.x86.TileOp.TILEZERO;
import static io.jquant.codegen.x86.Vec.zmm;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.codegen.ExecutableMemory.Available;
import io.jquant.codegen.NativeFunction.Transition;
import io.jquant.codegen.x86.CallingConvention;
import io.jquant.codegen.x86.Frame;
import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Label;
import io.jquant.codegen.x86.X86Assembler;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Assembles functions and runs them on this CPU. */
class NativeFunctionTest {
    private static final long SEED = 4711;
    private static final VarHandle LONG = JAVA_LONG.varHandle();
    private static final CallingConvention HERE = CallingConvention.current();

    @BeforeAll
    static void needsThisCpu() {
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "needs an x86-64 CPU");
    }

    private static ExecutableMemory map(X86Assembler a) {
        return assertInstanceOf(Available.class, ExecutableMemory.map(a.assemble())).memory();
    }

    private static void assumeCpuHas(String feature) throws IOException {
        Path cpuinfo = Path.of("/proc/cpuinfo");
        assumeTrue(Files.exists(cpuinfo), "needs /proc/cpuinfo");
        boolean has = Files.readAllLines(cpuinfo).stream().filter(line -> line.startsWith("flags"))
            .anyMatch(line -> Arrays.asList(line.split(" ", -1)).contains(feature));
        assumeTrue(has, "this CPU has no " + feature);
    }

    @Test
    void aConstantIsReturnedByEveryTransition() throws Throwable {
        X86Assembler a = new X86Assembler();
        a.emit(MOV, RAX, imm(0x123456789ABCDEFL));
        a.emit(RET);
        try (ExecutableMemory memory = map(a)) {
            for (Transition transition : Transition.values()) {
                MethodHandle function = NativeFunction.ofLong(memory, 0, 0, 0, transition);
                assertEquals(0x123456789ABCDEFL, (long) function.invokeExact(), transition.name());
            }
        }
    }

    @Test
    void argumentsComeInRegistersAndOnTheStackAndSavedRegistersComeBack() throws Throwable {
        X86Assembler a = new X86Assembler();
        a.emit(MOV, RAX, imm(-1));
        a.emit(RET);
        a.align(16);
        int entry = a.size();
        Frame frame = new Frame(HERE, HERE.savedGprs(), HERE.savedVectors(), 64);
        frame.enter(a);
        a.emit(MOV, RAX, imm(0));
        for (int i = 0; i < 10; i++) {
            // weights tell the arguments apart
            a.emit(MOV, R10, frame.argument(i));
            for (int j = 0; j <= i; j++) {
                a.emit(ADD, RAX, R10);
            }
        }
        a.emit(MOV, frame.local(56), RAX);
        for (Gpr saved : HERE.savedGprs()) {
            a.emit(MOV, saved, imm(-1));
        }
        a.emit(MOV, RAX, frame.local(56));
        frame.leave(a);
        try (ExecutableMemory memory = map(a)) {
            MethodHandle function = NativeFunction.ofLong(memory, entry, 0, 10, Transition.SAFEPOINT);
            for (int repeat = 0; repeat < 20_000; repeat++) {
                long result = (long) function.invokeExact(1L, 10L, 100L, 1000L, 10000L, 100000L, 1000000L, 10000000L,
                    100000000L, 1000000000L);
                assertEquals(10_987_654_321L, result);
            }
        }
    }

    @Test
    void callsAfterCloseFailAndClosingUnderARunningCallFails() throws Throwable {
        X86Assembler a = new X86Assembler();
        Frame frame = new Frame(HERE, List.of(RAX), List.of(), 0);
        Label loop = a.label();
        a.emit(MOV, R10, frame.argument(0));
        a.emit(MOV, RAX, imm(0));
        a.emit(MOV, at(R10), RAX);
        a.bind(loop);
        // until another thread writes something else than 0
        a.emit(ADD, RAX, at(R10));
        a.emit(JZ, loop);
        frame.leave(a);
        ExecutableMemory memory = map(a);
        MethodHandle function = NativeFunction.ofLong(memory, 0, 1, 0, Transition.SAFEPOINT);
        try (Arena arena = Arena.ofShared();
             ExecutorService executor = Executors.newSingleThreadExecutor()) {
            MemorySegment flag = arena.allocate(8);
            LONG.setVolatile(flag, 0L, 99L);
            Future<Long> running = executor.submit(() -> call(function, flag));
            while ((long) LONG.getVolatile(flag, 0L) != 0) {
                Thread.onSpinWait();
            }
            try {
                assertThrows(IllegalStateException.class, memory::close, "closed under a running call");
            } finally {
                LONG.setVolatile(flag, 0L, 7L);
            }
            assertEquals(7, running.get(10, TimeUnit.SECONDS));
            memory.close();
            assertThrows(IllegalStateException.class, () -> call(function, flag), "called after close");
        }
    }

    private static long call(MethodHandle function, MemorySegment argument) {
        try {
            return (long) function.invokeExact(argument);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void vpdpbusdMultipliesHeapArrays() throws Throwable {
        assumeCpuHas("avx512_vnni");
        int blocks = 37;
        X86Assembler a = new X86Assembler();
        Frame frame = new Frame(HERE, List.of(RAX, RBX), List.of(zmm(6)), 0);
        frame.enter(a);
        a.emit(MOV, RAX, frame.argument(0));
        a.emit(MOV, R10, frame.argument(1));
        a.emit(MOV, R11, frame.argument(2));
        a.emit(MOV, RBX, frame.argument(3));
        a.emit(VPXORD, zmm(6), zmm(6), zmm(6));
        Label loop = a.here();
        a.emit(VMOVDQU8, zmm(31), at(RAX));
        a.emit(VPDPBUSD, zmm(6), zmm(31), at(R10));
        a.emit(ADD, RAX, imm(64));
        a.emit(ADD, R10, imm(64));
        a.emit(DEC, RBX);
        a.emit(JNZ, loop);
        a.emit(VMOVDQU32, at(R11), zmm(6));
        frame.leave(a);

        Random random = new Random(SEED);
        byte[] u8 = new byte[64 * blocks];
        byte[] s8 = new byte[64 * blocks];
        random.nextBytes(u8);
        random.nextBytes(s8);
        int[] expected = new int[16];
        for (int i = 0; i < u8.length; i++) {
            expected[i % 64 / 4] += (u8[i] & 0xFF) * s8[i];
        }
        int[] actual = new int[16];
        try (ExecutableMemory memory = map(a)) {
            MethodHandle function = NativeFunction.ofVoid(memory, 0, 3, 1, Transition.CRITICAL_HEAP);
            function.invokeExact(MemorySegment.ofArray(u8), MemorySegment.ofArray(s8), MemorySegment.ofArray(actual),
                (long) blocks);
        }
        assertArrayEquals(expected, actual, "seed " + SEED);
    }

    @Test
    void tdpbusdMultipliesTiles() throws Throwable {
        assumeCpuHas("amx_int8");
        assertEquals(0, requestTiles(), "arch_prctl(ARCH_REQ_XCOMP_PERM)");
        X86Assembler a = new X86Assembler();
        Frame frame = new Frame(HERE, List.of(RAX, RSI), List.of(), 0);
        frame.enter(a);
        a.emit(MOV, RAX, frame.argument(3));
        a.emit(LDTILECFG, at(RAX));
        a.emit(MOV, RAX, frame.argument(0));
        a.emit(MOV, R10, frame.argument(1));
        a.emit(MOV, R11, frame.argument(2));
        a.emit(MOV, RSI, imm(64));
        a.emit(TILEZERO, tmm(0));
        a.emit(TILELOADD, tmm(6), at(RAX, RSI, 1, 0));
        a.emit(TILELOADD, tmm(7), at(R10, RSI, 1, 0));
        a.emit(TDPBUSD, tmm(0), tmm(6), tmm(7));
        a.emit(TILESTORED, at(R11, RSI, 1, 0), tmm(0));
        a.emit(TILERELEASE);
        frame.leave(a);

        Random random = new Random(SEED);
        byte[] u8 = new byte[16 * 64];
        byte[] s8 = new byte[16 * 64];
        random.nextBytes(u8);
        random.nextBytes(s8);
        int[] expected = new int[16 * 16];
        for (int i = 0; i < expected.length; i++) {
            int row = i / 16;
            int column = i % 16;
            expected[i] = IntStream.range(0, 64)
                .map(k -> (u8[row * 64 + k] & 0xFF) * s8[k / 4 * 64 + column * 4 + k % 4]).sum();
        }
        int[] actual = new int[expected.length];
        try (ExecutableMemory memory = map(a)) {
            MethodHandle function = NativeFunction.ofVoid(memory, 0, 4, 0, Transition.CRITICAL_HEAP);
            function.invokeExact(MemorySegment.ofArray(u8), MemorySegment.ofArray(s8), MemorySegment.ofArray(actual),
                MemorySegment.ofArray(fullTiles()));
        }
        assertArrayEquals(expected, actual, "seed " + SEED);
    }

    /** Asks Linux for the right to use tiles, as every process must. */
    private static long requestTiles() throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle syscall = linker.downcallHandle(linker.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG), Linker.Option.firstVariadicArg(1));
        return (long) syscall.invokeExact(158L, 0x1023L, 18L);
    }

    /** Palette 1, eight tiles of 16 rows of 64 bytes. */
    private static byte[] fullTiles() {
        byte[] configuration = new byte[64];
        configuration[0] = 1;
        for (int tile = 0; tile < 8; tile++) {
            configuration[16 + 2 * tile] = 64;
            configuration[48 + tile] = 16;
        }
        return configuration;
    }
}

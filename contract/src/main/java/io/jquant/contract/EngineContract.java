// SPDX-License-Identifier: Apache-2.0
package io.jquant.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.jquant.Bias;
import io.jquant.ConvolutionSpec;
import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.Epilogue;
import io.jquant.Extent;
import io.jquant.LinearSpec;
import io.jquant.PackedConvolution;
import io.jquant.PackedLinear;
import io.jquant.ParameterChoice;
import io.jquant.QuantizationParameters;
import io.jquant.Window;
import io.jquant.spi.Candidate;
import io.jquant.spi.EngineProvider;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * The contract of an engine. Extend it by a class that names the engine; JUnit runs the tests of this one:
 * {@snippet :
 * class MyEngineTest extends EngineContract {
 *     MyEngineTest() {
 *         super(EngineOptions.defaults().withEngine("mine"));
 *     }
 * }
 * }
 * An operator that the engine does not have is skipped, with its message as the reason. Sums must be exact, and
 * quantized outputs within one step of the real number: that much holds for engines of any formulas.
 */
public abstract class EngineContract {
    private static final long SEED = 20_261_124;

    private final EngineOptions options;

    /**
     * Tests of an engine.
     *
     * @param options which engine, and how it is to run
     */
    protected EngineContract(EngineOptions options) {
        this.options = options;
    }

    private static <T> T prepared(Supplier<T> operator) {
        try {
            return operator.get();
        } catch (UnsupportedOperationException e) {
            return abort("the engine has no such operator: " + e.getMessage());
        }
    }

    private static MemorySegment bytes(Random random, int count) {
        byte[] values = new byte[count];
        random.nextBytes(values);
        return MemorySegment.ofArray(values);
    }

    private static int value(MemorySegment segment, long at, QuantizationParameters parameters) {
        byte value = segment.get(ValueLayout.JAVA_BYTE, at);
        return (parameters.type() == DataType.U8 ? Byte.toUnsignedInt(value) : value) - parameters.zeroPoint();
    }

    /** What a provider says of itself is usable, and the same each time. */
    @Test
    void theProviderKeepsItsPromises() {
        try (Engine engine = Engine.open(options)) {
            EngineProvider provider = engine.selection().chosen().provider();
            assertEquals(engine.name(), provider.name());
            assertEquals(provider.name().toLowerCase(Locale.ROOT).strip(), provider.name());
            assertEquals(provider.priority(engine.selection().cpu()), provider.priority(engine.selection().cpu()));
            List<Candidate> candidates = provider.candidates(engine.selection().cpu());
            assertFalse(candidates.isEmpty(), "a provider has at least one candidate");
            for (Candidate candidate : candidates) {
                assertEquals(candidate.isUsable(), candidate.reason().isEmpty(),
                        () -> candidate + ": what cannot run says why");
            }
            assertTrue(engine.selection().chosen().candidate().isUsable(), "what is chosen can run");
        }
    }

    /** Sums of products are exact, from any kind of memory, at any address and stride. */
    @Test
    void linearSumsAreExact() {
        for (int seed = 0; seed < 12; seed++) {
            Random random = new Random(SEED + seed);
            int in = 1 + random.nextInt(150);
            int out = 1 + random.nextInt(40);
            int rows = random.nextInt(9);
            var input = QuantizationParameters.perTensor(random.nextBoolean() ? DataType.U8 : DataType.S8, 0.1f,
                    random.nextInt(100));
            var weight = QuantizationParameters.perTensor(DataType.S8, 0.02f, 0);
            MemorySegment weights = bytes(random, in * out);
            MemorySegment x = bytes(random, rows * in);
            try (Engine engine = Engine.open(options);
                    PackedLinear linear = prepared(() -> engine.linear(
                            new LinearSpec(in, out, input, weight, Epilogue.accumulators()), weights, Bias.none()));
                    Arena arena = Arena.ofConfined()) {
                MemorySegment odd = arena.allocate(x.byteSize() + 1).asSlice(1).copyFrom(x);
                MemorySegment direct = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(rows * in)).copyFrom(x);
                for (MemorySegment place : List.of(x, odd, direct, x.asReadOnly())) {
                    int[] sums = new int[rows * out];
                    linear.run(rows, place, MemorySegment.ofArray(sums));
                    for (int i = 0; i < sums.length; i++) {
                        assertEquals(sum(x, i / out * in, input, weights, i % out * in, weight, in), sums[i],
                                "seed " + (SEED + seed) + ", element " + i);
                    }
                }
            }
        }
    }

    private static int sum(MemorySegment x, int xAt, QuantizationParameters input, MemorySegment w, int wAt,
            QuantizationParameters weight, int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum += value(x, xAt + i, input) * value(w, wAt + i, weight);
        }
        return sum;
    }

    /** A quantized output is the real number, to one step. */
    @Test
    void quantizedOutputsAreWithinOneStep() {
        Random random = new Random(SEED);
        int in = 64;
        int out = 16;
        int rows = 20;
        var input = QuantizationParameters.perTensor(DataType.U8, 0.02f, 120);
        var weight = QuantizationParameters.perTensor(DataType.S8, 0.01f, 0);
        var output = QuantizationParameters.perTensor(DataType.U8, 0.07f, 130);
        MemorySegment weights = bytes(random, in * out);
        MemorySegment x = bytes(random, rows * in);
        byte[] y = new byte[rows * out];
        try (Engine engine = Engine.open(options);
                PackedLinear linear = prepared(() -> engine.linear(
                        new LinearSpec(in, out, input, weight, Epilogue.quantized(output)), weights, Bias.none()))) {
            linear.run(rows, x, MemorySegment.ofArray(y));
        }
        for (int i = 0; i < y.length; i++) {
            double real = sum(x, i / out * in, input, weights, i % out * in, weight, in) * 0.02 * 0.01;
            double expected = Math.clamp(real / 0.07 + 130, 0, 255);
            assertEquals(expected, Byte.toUnsignedInt(y[i]), 1, "element " + i);
        }
    }

    /** From floats to a packed operator in one line: what it gives are the products of the real numbers. */
    @Test
    void shortFormsGiveRealNumbers() {
        float[] real = {1, -0.5f, 0.25f, -1, 0.75f, 0.5f};
        var input = QuantizationParameters.perTensor(DataType.U8, 0.5f, 10);
        MemorySegment x = MemorySegment.ofArray(new byte[] {12, 8, 14});
        float[] y = new float[4];
        try (Engine engine = Engine.open(options);
                PackedLinear linear = prepared(() -> engine.linear(3, 2, input, engine.quantize(real,
                        ParameterChoice.symmetric(DataType.S8))));
                PackedConvolution convolution = prepared(() -> engine.convolution(1, 2, Window.of(Extent.of(3)),
                        input, engine.quantize(real, ParameterChoice.symmetric(DataType.S8))))) {
            linear.run(1, x, MemorySegment.ofArray(y));
            convolution.run(1, Extent.of(3), x, MemorySegment.ofArray(y).asSlice(2 * Float.BYTES));
            assertThrows(IllegalArgumentException.class, () -> engine.linear(3, 2, input, null));
        }
        // inputs of 1, -1 and 2; a weight is off by half a step at most
        assertArrayEquals(new float[] {2, -0.75f, 2, -0.75f}, y, 4 * 0.5f / 127);
    }

    /** Sums of a convolution are exact, padding included. */
    @Test
    void convolutionSumsAreExact() {
        for (int seed = 0; seed < 5; seed++) {
            Random random = new Random(SEED + seed);
            int in = 1 + random.nextInt(9);
            int out = 1 + random.nextInt(9);
            int side = 4 + random.nextInt(5);
            var input = QuantizationParameters.perTensor(DataType.U8, 0.1f, random.nextInt(256));
            var weight = QuantizationParameters.perTensor(DataType.S8, 0.02f, 0);
            Window window = Window.of(Extent.of(3, 3)).withPadding(Extent.padding(1, 1))
                    .withStride(Extent.of(1, 1 + random.nextInt(2)));
            var spec = ConvolutionSpec.of(in, out, 1, window, input, weight, Epilogue.accumulators());
            MemorySegment weights = bytes(random, out * 9 * in);
            MemorySegment x = bytes(random, side * side * in);
            Extent extent = spec.outputExtent(Extent.of(side, side));
            int[] sums = new int[Math.toIntExact(extent.volume() * out)];
            try (Engine engine = Engine.open(options);
                    PackedConvolution convolution = prepared(
                            () -> engine.convolution(spec, weights, Bias.none()))) {
                convolution.run(1, Extent.of(side, side), x, MemorySegment.ofArray(sums));
            }
            for (int i = 0; i < sums.length; i++) {
                int column = i / out % extent.width();
                int row = i / out / extent.width();
                int sum = 0;
                for (int tap = 0; tap < 9; tap++) {
                    int y = row * window.stride().height() - 1 + tap / 3;
                    int z = column * window.stride().width() - 1 + tap % 3;
                    boolean inside = y >= 0 && y < side && z >= 0 && z < side;
                    for (int channel = 0; inside && channel < in; channel++) {
                        sum += value(x, (y * side + z) * in + channel, input)
                                * value(weights, (i % out * in + channel) * 9 + tap, weight);
                    }
                }
                assertEquals(sum, sums[i], "seed " + (SEED + seed) + ", element " + i);
            }
        }
    }

    /** Operators outlive their engine, refuse once they are closed, and may be closed twice. */
    @Test
    void operatorsOutliveTheirEngine() {
        Engine engine = Engine.open(options);
        PackedLinear linear = prepared(() -> small(engine));
        engine.close();
        engine.close();
        assertThrows(IllegalStateException.class, () -> small(engine));
        int[] sums = new int[2];
        MemorySegment x = MemorySegment.ofArray(new byte[] {1, 2, 3});
        linear.run(1, x, MemorySegment.ofArray(sums));
        assertArrayEquals(new int[] {14, -14}, sums);
        linear.close();
        linear.close();
        assertThrows(IllegalStateException.class, () -> linear.run(1, x, MemorySegment.ofArray(sums)));
    }

    private static PackedLinear small(Engine engine) {
        var unit = QuantizationParameters.perTensor(DataType.S8, 1, 0);
        return engine.linear(new LinearSpec(3, 2, unit, unit, Epilogue.accumulators()),
                MemorySegment.ofArray(new byte[] {1, 2, 3, -1, -2, -3}), Bias.none());
    }

    /** Memory that is too small, read-only, overlapping or freed is refused, and nothing is written. */
    @Test
    void wrongMemoryIsRefused() {
        try (Engine engine = Engine.open(options); PackedLinear linear = prepared(() -> small(engine))) {
            MemorySegment x = MemorySegment.ofArray(new byte[] {1, 2, 3});
            int[] sums = {7, 7};
            MemorySegment y = MemorySegment.ofArray(sums);
            assertThrows(IllegalArgumentException.class, () -> linear.run(2, x, y));
            assertThrows(IllegalArgumentException.class, () -> linear.run(1, x, y.asSlice(4)));
            assertThrows(IllegalArgumentException.class, () -> linear.run(1, x, y.asReadOnly()));
            assertThrows(IllegalArgumentException.class, () -> linear.run(-1, x, y));
            MemorySegment shared = MemorySegment.ofArray(new int[4]);
            assertThrows(IllegalArgumentException.class, () -> linear.run(1, shared, shared));
            MemorySegment freed = freed();
            assertThrows(IllegalStateException.class, () -> linear.run(1, freed, y));
            assertArrayEquals(new int[] {7, 7}, sums);
        }
    }

    private static MemorySegment freed() {
        try (Arena arena = Arena.ofConfined()) {
            return arena.allocate(3);
        }
    }

    /** Any number of threads may run one operator. */
    @Test
    void threadsShareAnOperator() throws Exception {
        Random random = new Random(SEED);
        MemorySegment weights = bytes(random, 256 * 64);
        MemorySegment x = bytes(random, 16 * 256);
        var u8 = QuantizationParameters.perTensor(DataType.U8, 0.1f, 3);
        var s8 = QuantizationParameters.perTensor(DataType.S8, 0.1f, 0);
        try (Engine engine = Engine.open(options);
                PackedLinear linear = prepared(() -> engine.linear(
                        new LinearSpec(256, 64, u8, s8, Epilogue.accumulators()), weights, Bias.none()));
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            int[] expected = run(linear, x);
            List<Future<int[]>> results = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                results.add(threads.submit(() -> run(linear, x)));
            }
            for (Future<int[]> result : results) {
                assertArrayEquals(expected, result.get());
            }
        }
    }

    private static int[] run(PackedLinear linear, MemorySegment x) {
        int[] sums = new int[16 * 64];
        linear.run(16, x, MemorySegment.ofArray(sums));
        return sums;
    }

    /** What is saved can be loaded, and gives the same. */
    @Test
    void savedOperatorsAreTheSame() throws IOException {
        try (Engine engine = Engine.open(options); PackedLinear linear = prepared(() -> small(engine))) {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            linear.save(file);
            try (PackedLinear loaded = engine.load(new ByteArrayInputStream(file.toByteArray()), PackedLinear.class)) {
                int[] sums = new int[2];
                loaded.run(1, MemorySegment.ofArray(new byte[] {4, 5, 6}), MemorySegment.ofArray(sums));
                assertArrayEquals(new int[] {32, -32}, sums);
            }
        }
    }

    /** No thread is left once engine and operators are closed. */
    @Test
    void noThreadIsLeft() throws InterruptedException {
        List<Thread> before = threads();
        Random random = new Random(SEED);
        MemorySegment weights = bytes(random, 512 * 512);
        var s8 = QuantizationParameters.perTensor(DataType.S8, 1, 0);
        try (Engine engine = Engine.open(options);
                PackedLinear linear = prepared(() -> engine.linear(
                        new LinearSpec(512, 512, s8, s8, Epilogue.accumulators()), weights, Bias.none()))) {
            int[] sums = new int[256 * 512];
            assertDoesNotThrow(() -> linear.run(256, bytes(random, 256 * 512), MemorySegment.ofArray(sums)));
        }
        List<Thread> left = threads();
        left.removeAll(before);
        for (Thread thread : left) {
            thread.join(2000);
            assertFalse(thread.isAlive(), () -> "a thread is left: " + thread);
        }
    }

    private static List<Thread> threads() {
        return new ArrayList<>(Thread.getAllStackTraces().keySet());
    }
}

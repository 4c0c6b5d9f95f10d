// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;

/** One operator of every kind, and what tells two of them apart. */
final class SavedOperators {
    private SavedOperators() {
    }

    static List<PackedOperator<?>> all(Engine engine, long seed) {
        Random random = new Random(seed);
        LinearSpec linear = Specs.linear(3, 4);
        ConvolutionSpec convolution = Specs.convolution(4, 6, 2);
        ConvolutionSpec transposed = Specs.transposed(2, 3, 1);
        RecurrentSpec lstm = Specs.cell(RecurrentSpec.Cell.LSTM, 3, 2);
        RecurrentSpec gru = Specs.cell(RecurrentSpec.Cell.GRU, 2, 3);
        EmbeddingBagSpec bytes = new EmbeddingBagSpec(8, 5, 7, true);
        EmbeddingBagSpec nibbles = new EmbeddingBagSpec(4, 5, 7, false);
        GroupedLinearSpec grouped = new GroupedLinearSpec(33, 2, 16, true, Activation.RELU);
        GroupedLinearSpec symmetric = new GroupedLinearSpec(32, 1, 32, false, Activation.NONE);
        return List.of(engine.linear(linear, random(random, linear), Bias.of(1, -2, 3, Integer.MIN_VALUE)),
                engine.linear(new LinearSpec(2, 1, Specs.S8, Specs.S8, Epilogue.accumulators()),
                        MemorySegment.ofArray(new byte[] {-128, 127}), Bias.none()),
                engine.dynamicLinear(Specs.dynamicLinear(2, 3), random(random, Specs.dynamicLinear(2, 3)),
                        Bias.of(0.5f, -0f, Float.MIN_VALUE)),
                engine.convolution(convolution, random(random, convolution), Bias.of(1f, 2, 3, 4, 5, 6)),
                engine.convolution(transposed, random(random, transposed), Bias.none()),
                cell(engine, lstm, random, Bias.of(new float[8]), Bias.none()),
                cell(engine, gru, random, Bias.none(), Bias.of(1f, 2, 3, 4, 5, 6, 7, 8, 9)),
                engine.embeddingBag(bytes, random(random, bytes)),
                engine.embeddingBag(nibbles, random(random, nibbles)),
                engine.groupedLinear(grouped, random(random, grouped), Bias.of(0.25f, -1)),
                engine.groupedLinear(symmetric, random(random, symmetric), Bias.none()));
    }

    private static PackedRecurrentCell cell(Engine engine, RecurrentSpec spec, Random random, Bias input, Bias hidden) {
        MemorySegment weights = random(random, spec);
        return engine.recurrentCell(spec, weights.asSlice(0, spec.inputWeightBytes()),
                weights.asSlice(spec.inputWeightBytes()), input, hidden);
    }

    static MemorySegment random(Random random, PackedSpec spec) {
        byte[] bytes = new byte[Math.toIntExact(spec.weightBytes())];
        random.nextBytes(bytes);
        return MemorySegment.ofArray(bytes);
    }

    static byte[] weights(PackedOperator<?> operator) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment weights = arena.allocate(operator.spec().weightBytes());
            operator.unpack(weights);
            return weights.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    static byte[] bytes(PackedOperator<?> operator) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            operator.save(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static void assertSame(PackedOperator<?> expected, PackedOperator<?> actual) {
        assertEquals(expected.getClass(), actual.getClass());
        assertEquals(expected.spec(), actual.spec());
        assertEquals(expected.biases(), actual.biases());
        assertEquals(expected.numerics(), actual.numerics());
        assertArrayEquals(weights(expected), weights(actual));
    }
}

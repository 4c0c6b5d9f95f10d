// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.EmbeddingBagSpec;
import io.jquant.EngineOptions;
import io.jquant.PackedEmbeddingBag;
import io.jquant.spi.EmbeddingBagKernel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Embedding bags. */
public abstract class EmbeddingBagCases extends EngineCases {
    protected EmbeddingBagCases(EngineOptions options) {
        super(options);
    }

    private static MemorySegment longs(long... values) {
        return MemorySegment.ofArray(values);
    }

    @Test
    void computesByHand() {
        // two rows of three 4-bit values: 1 2 3 times 0.5 minus 1, 15 0 7 times 2 plus 0.25
        MemorySegment table = MemorySegment.ofArray(new byte[] {0x21, 0x03, 0, 0, 0, 0, 0x0F, 0x07, 0, 0, 0, 0});
        float[] parameters = {0.5f, -1, 2, 0.25f};
        for (int i = 0; i < 4; i++) {
            table.set(ValueLayout.JAVA_SHORT_UNALIGNED, i / 2 * 6 + 2 + i % 2 * 2,
                    Float.floatToFloat16(parameters[i]));
        }
        float[] output = new float[9];
        try (PackedEmbeddingBag bag = engine().embeddingBag(new EmbeddingBagSpec(4, 2, 3, true), table)) {
            bag.run(3, longs(0, 1, 1), longs(0, 2, 2, 3), null, MemorySegment.ofArray(output));
        }
        assertArrayEquals(new float[] {(-0.5f + 30.25f) / 2, 0.25f / 2, (0.5f + 14.25f) / 2, 0, 0, 0, 30.25f, 0.25f,
            14.25f}, output);
    }

    @Test
    void acceptsNoBags() {
        float[] output = {3};
        try (PackedEmbeddingBag bag = engine().embeddingBag(new EmbeddingBagSpec(8, 1, 4, false),
                new Samples(0).bytes(12))) {
            bag.run(0, longs(), longs(0), null, MemorySegment.ofArray(output));
        }
        assertArrayEquals(new float[] {3}, output);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void equalsBruteForce(int bits) {
        for (long seed = 0; seed < 60; seed++) {
            check(new Samples(seed), bits, "seed " + seed);
        }
    }

    static MemorySegment table(Samples samples, EmbeddingBagSpec spec) {
        MemorySegment table = samples.bytes(spec.rows() * spec.rowBytes());
        for (long row = 0; row < spec.rows(); row++) {
            for (int which = 0; which < 2; which++) {
                float value = (float) samples.random().nextGaussian();
                long end = (row + 1) * spec.rowBytes();
                if (spec.bits() == 8) {
                    table.set(ValueLayout.JAVA_FLOAT_UNALIGNED, end - 8 + which * 4L, value);
                } else {
                    table.set(ValueLayout.JAVA_SHORT_UNALIGNED, end - 4 + which * 2L, Float.floatToFloat16(value));
                }
            }
        }
        return table;
    }

    private void check(Samples samples, int bits, String message) {
        EmbeddingBagSpec spec = new EmbeddingBagSpec(bits, samples.upTo(20), samples.upTo(70),
                samples.random().nextBoolean());
        MemorySegment table = table(samples, spec);
        int bags = samples.upTo(5);
        long[] offsets = new long[bags + 1];
        for (int i = 0; i < bags; i++) {
            offsets[i + 1] = offsets[i] + samples.random().nextInt(6);
        }
        int count = (int) offsets[bags];
        long[] indices = samples.random().longs(count, 0, spec.rows()).toArray();
        MemorySegment weights = samples.random().nextBoolean() ? null : samples.floats(count, 1);
        Guarded output = new Guarded(samples.random(), 4L * bags * spec.dimension());
        try (PackedEmbeddingBag bag = engine().embeddingBag(spec, table)) {
            bag.run(bags, longs(indices), longs(offsets), weights, output.segment());
        }
        output.assertUntouched(1, 1, message);
        for (int bag = 0; bag < bags; bag++) {
            for (int column = 0; column < spec.dimension(); column++) {
                float sum = 0;
                for (int i = (int) offsets[bag]; i < offsets[bag + 1]; i++) {
                    float weight = weights == null ? 1
                            : weights.get(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4L);
                    sum = added(sum, spec, table, indices[i], column, weight);
                }
                long length = offsets[bag + 1] - offsets[bag];
                float expected = spec.mean() && length > 0 ? sum * (1.0f / length) : sum;
                assertEquals(expected, output.segment().get(ValueLayout.JAVA_FLOAT_UNALIGNED,
                        4L * (bag * spec.dimension() + column)), message + ", bag " + bag + ", column " + column);
            }
        }
    }

    /** The sum after one more row, exact but for the last rounding. */
    private static float added(float sum, EmbeddingBagSpec spec, MemorySegment table, long row, int column,
            float weight) {
        long start = row * spec.rowBytes();
        long end = start + spec.rowBytes();
        boolean bytes = spec.bits() == 8;
        float scale = weight * (bytes ? table.get(ValueLayout.JAVA_FLOAT_UNALIGNED, end - 8)
                : Float.float16ToFloat(table.get(ValueLayout.JAVA_SHORT_UNALIGNED, end - 4)));
        float bias = weight * (bytes ? table.get(ValueLayout.JAVA_FLOAT_UNALIGNED, end - 4)
                : Float.float16ToFloat(table.get(ValueLayout.JAVA_SHORT_UNALIGNED, end - 2)));
        int stored = table.get(ValueLayout.JAVA_BYTE, start + (bytes ? column : column / 2)) & 0xFF;
        int value = bytes ? stored : column % 2 == 0 ? stored & 15 : stored >> 4;
        BigDecimal product = new BigDecimal(scale).multiply(new BigDecimal(value));
        return product.add(new BigDecimal(sum + bias)).floatValue();
    }

    @Test
    void givesTheTableBack() {
        EmbeddingBagSpec spec = new EmbeddingBagSpec(4, 7, 9, false);
        MemorySegment table = table(new Samples(3), spec);
        MemorySegment back = MemorySegment.ofArray(new byte[(int) table.byteSize()]);
        try (var backend = openBackend(); EmbeddingBagKernel kernel = backend.embeddingBag(spec, table)) {
            kernel.unpack(back);
        }
        assertEquals(-1, table.mismatch(back));
    }
}

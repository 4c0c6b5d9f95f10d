// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static io.jquant.kernels.testing.ElementForce.dequantize;
import static io.jquant.kernels.testing.ElementForce.get;
import static io.jquant.kernels.testing.ElementForce.quantize;
import static io.jquant.kernels.testing.ElementForce.s8;
import static io.jquant.kernels.testing.ElementForce.segment;
import static io.jquant.kernels.testing.ElementForce.u8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.Concat;
import io.jquant.ConcatSpec;
import io.jquant.EngineOptions;
import io.jquant.QuantizationParameters;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tensors side by side. */
public abstract class ConcatCases extends EngineCases {
    private static final int SEEDS = 300;

    protected ConcatCases(EngineOptions options) {
        super(options);
    }

    @Test
    void computedByHand() {
        MemorySegment y = MemorySegment.ofArray(new byte[10]);
        ConcatSpec spec = new ConcatSpec(List.of(u8(0.5, 10), s8(1, 0), u8(0.25, 0)), u8(0.5, 10));
        try (Concat concat = engine().concat(spec)) {
            concat.run(2, new long[] {2, 1, 2},
                    List.of(segment(0, 255, 7, 8), segment(-5, 127), segment(0, 1, 3, 255)), y);
        }
        // 0.25 is half a step and goes to even, 0.75 is one and a half
        assertArrayEquals(new int[] {0, 255, 0, 10, 10, 7, 8, 255, 12, 138}, get(u8(0.5, 10), y));
    }

    @Test
    void equalParametersCopyWhateverTheScale() {
        MemorySegment y = MemorySegment.ofArray(new byte[256]);
        QuantizationParameters huge = u8(3e38, 0);
        try (Concat concat = engine().concat(new ConcatSpec(List.of(huge), huge))) {
            concat.run(1, new long[] {256}, List.of(ElementForce.everyByte()), y);
        }
        ElementForce.assertSame(ElementForce.everyByte(), y, "scale 3e38");
    }

    @Test
    void randomInputs() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Samples samples = new Samples(seed);
            Random random = samples.random();
            int count = samples.upTo(4);
            int rows = random.nextInt(5);
            QuantizationParameters output = samples.perTensor();
            List<QuantizationParameters> parameters = new ArrayList<>();
            List<MemorySegment> inputs = new ArrayList<>();
            long[] columns = new long[count];
            int width = 0;
            for (int i = 0; i < count; i++) {
                parameters.add(random.nextInt(3) == 0 ? output : samples.perTensor());
                columns[i] = random.nextInt(71);
                inputs.add(samples.bytes(rows * columns[i]));
                width += (int) columns[i];
            }
            Guarded y = new Guarded(random, (long) rows * width);
            try (Concat concat = engine().concat(new ConcatSpec(parameters, output))) {
                concat.run(rows, columns, inputs, y.segment());
            }
            long at = 0;
            for (int row = 0; row < rows; row++) {
                for (int i = 0; i < count; i++) {
                    for (long column = 0; column < columns[i]; column++) {
                        int x = get(parameters.get(i), inputs.get(i), row * columns[i] + column);
                        assertEquals(quantize(output, dequantize(parameters.get(i), x)),
                                get(output, y.segment(), at++), "seed " + seed);
                    }
                }
            }
            int size = Math.max(rows * width, 1);
            y.assertUntouched(size, size, "seed " + seed);
        }
    }

    @Test
    void refusesArguments() {
        try (Concat concat = engine().concat(new ConcatSpec(List.of(u8(1, 0), u8(1, 0)), u8(1, 0)))) {
            MemorySegment four = segment(1, 2, 3, 4);
            MemorySegment eight = MemorySegment.ofArray(new byte[8]);
            assertRefused("rows = -1: must be 0 or more",
                    () -> concat.run(-1, new long[] {2, 2}, List.of(four, four), eight));
            assertRefused("columns.length = 1: must be the inputs' number, 2",
                    () -> concat.run(2, new long[] {2}, List.of(four, four), eight));
            assertRefused("segments.size = 1: must be the inputs' number, 2",
                    () -> concat.run(2, new long[] {2, 2}, List.of(four), eight));
            assertRefused("segments[1] = 4 bytes: must be at least 6 bytes", () -> concat.run(2, new long[] {2, 3},
                    List.of(four, four), MemorySegment.ofArray(new byte[10])));
            assertRefused("output = 8 bytes: must be at least 10 bytes",
                    () -> concat.run(2, new long[] {2, 3}, List.of(four, segment(1, 2, 3, 4, 5, 6)), eight));
            assertRefused("output = memory that overlaps segments[0]: must be memory of its own",
                    () -> concat.run(2, new long[] {2, 2}, List.of(eight, four), eight));
        }
    }
}

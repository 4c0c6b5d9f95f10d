// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.jquant.DataType;
import io.jquant.QuantizationParameters;
import io.jquant.SoftmaxSpec;
import io.jquant.spi.Numerics;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TabledSoftmaxTest {
    private static final float[] SCALES = {1e-38f, 0x1p-8f, 0.0123f, 1, 3e37f};

    @Test
    void givesTheDefinitionsBits() {
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            QuantizationParameters from = parameters(random);
            SoftmaxSpec spec = new SoftmaxSpec(1 + random.nextInt(300), from, parameters(random));
            byte[] input = new byte[3 * spec.size()];
            random.nextBytes(input);
            for (Numerics numerics : Numerics.values()) {
                byte[] expected = new byte[input.length];
                ReferenceSoftmax.of(numerics, spec).run(3, MemorySegment.ofArray(input),
                        MemorySegment.ofArray(expected));
                byte[] actual = input.clone();
                MemorySegment inPlace = MemorySegment.ofArray(actual);
                TabledSoftmax.of(numerics, spec).run(3, inPlace, inPlace);
                assertArrayEquals(expected, actual, numerics + ", " + spec);
            }
        }
    }

    private static QuantizationParameters parameters(Random random) {
        boolean signed = random.nextBoolean();
        return QuantizationParameters.perTensor(signed ? DataType.S8 : DataType.U8,
                SCALES[random.nextInt(SCALES.length)], random.nextInt(256) - (signed ? 128 : 0));
    }
}

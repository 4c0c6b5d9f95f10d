// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.jquant.Bias;
import io.jquant.ConvolutionSpec;
import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.Epilogue;
import io.jquant.Extent;
import io.jquant.PackedConvolution;
import io.jquant.QuantizationParameters;
import io.jquant.Window;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images whose pixels have other bytes between them: the same sums as of pixels side by side. */
class PixelsApartTest {
    private static final int CHANNELS = 9;
    private static final int OUTPUTS = 44;
    private static final int WIDTH = 9;
    private static final int KERNEL = 4;

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 15, 64})
    void giveTheSameSums(int gap) {
        Random random = new Random(gap);
        byte[] weights = new byte[OUTPUTS * CHANNELS * KERNEL];
        random.nextBytes(weights);
        byte[] apart = new byte[2 * WIDTH * (CHANNELS + gap)];
        random.nextBytes(apart);
        byte[] together = new byte[2 * WIDTH * CHANNELS];
        for (int pixel = 0; pixel < 2 * WIDTH; pixel++) {
            System.arraycopy(apart, pixel * (CHANNELS + gap), together, pixel * CHANNELS, CHANNELS);
        }
        ConvolutionSpec spec = ConvolutionSpec.of(CHANNELS, OUTPUTS, 1, Window.of(Extent.of(KERNEL)),
                QuantizationParameters.perTensor(DataType.U8, 0.05f, 1),
                QuantizationParameters.perTensor(DataType.S8, 0.1f, 0), Epilogue.accumulators());
        try (Engine engine = Engine.open();
                PackedConvolution convolution = engine.convolution(spec, MemorySegment.ofArray(weights), Bias.none())) {
            assertArrayEquals(run(convolution, together, CHANNELS), run(convolution, apart, CHANNELS + gap));
        }
    }

    private static int[] run(PackedConvolution convolution, byte[] pixels, int stride) {
        int[] sums = new int[2 * (WIDTH - KERNEL + 1) * OUTPUTS];
        convolution.run(2, Extent.of(WIDTH), MemorySegment.ofArray(pixels), stride, MemorySegment.ofArray(sums),
                OUTPUTS, null, 0);
        return sums;
    }
}

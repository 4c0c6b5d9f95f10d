// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm;

import io.jquant.Bias;
import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.Epilogue;
import io.jquant.LinearSpec;
import io.jquant.PackedLinear;
import io.jquant.QuantizationParameters;
import java.lang.foreign.MemorySegment;

/**
 * Multiplies until the kernels are compiled, for {@code tools/arm/intrinsics} to look at what they became: with
 * {@code -Xbatch}, so that a call waits for its compilation and none is under way at the end.
 */
final class Products {
    private static final int SIZE = 96;
    private static final int ROUNDS = 200;

    private Products() {
    }

    public static void main(String[] args) {
        QuantizationParameters u8 = QuantizationParameters.perTensor(DataType.U8, 0.1f, 128);
        LinearSpec spec = new LinearSpec(SIZE, SIZE, u8, u8, Epilogue.quantized(u8));
        MemorySegment bytes = MemorySegment.ofArray(new byte[SIZE * SIZE]);
        MemorySegment output = MemorySegment.ofArray(new byte[SIZE * SIZE]);
        try (Engine engine = Engine.open(); PackedLinear linear = engine.linear(spec, bytes, Bias.none())) {
            System.out.println(engine.selection().chosen().candidate());
            for (int i = 0; i < ROUNDS; i++) {
                linear.run(SIZE, bytes, output);
            }
        }
    }
}

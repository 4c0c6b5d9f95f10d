// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench;

import io.jquant.Bias;
import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.Epilogue;
import io.jquant.LinearSpec;
import io.jquant.PackedLinear;
import io.jquant.QuantizationParameters;
import java.lang.foreign.MemorySegment;

/** The process that {@link StartUp} times: it says when it has begun, chosen its engine, answered. */
public final class FirstAnswer {
    static final String BEGUN = "begun";
    static final String CHOSEN = "chosen";
    static final String ANSWERED = "answered";
    private static final int SIZE = 256;

    private FirstAnswer() {
    }

    /**
     * Multiplies once, u8 by s8 to u8, its zero points and scales given, as a user of the API would.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        System.out.println(BEGUN);
        byte[] weights = new byte[SIZE * SIZE];
        byte[] x = new byte[SIZE * SIZE];
        for (int i = 0; i < x.length; i++) {
            x[i] = (byte) (i * 31);
            weights[i] = (byte) (i * 17);
        }
        var input = QuantizationParameters.perTensor(DataType.U8, 0.02f, 128);
        var weight = QuantizationParameters.perTensor(DataType.S8, 0.01f, 0);
        var output = Epilogue.quantized(QuantizationParameters.perTensor(DataType.U8, 0.5f, 100));
        try (Engine engine = Engine.open()) {
            System.out.println(CHOSEN);
            LinearSpec spec = new LinearSpec(SIZE, SIZE, input, weight, output);
            try (PackedLinear linear = engine.linear(spec, MemorySegment.ofArray(weights), Bias.none())) {
                linear.run(SIZE, MemorySegment.ofArray(x), MemorySegment.ofArray(new byte[SIZE * SIZE]));
                System.out.println(ANSWERED);
            }
            System.out.println(engine.selection().chosen());
        }
    }
}

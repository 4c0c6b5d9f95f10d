// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import static io.jquant.Specs.S32;
import static io.jquant.Specs.S8;
import static io.jquant.Specs.U8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EpilogueTest {
    static Stream<Refusal> refusals() {
        Activation none = Activation.NONE;
        return Stream.of(
                Refusal.of("type = null: must be given", () -> new Epilogue(null, U8, none, null)),
                Refusal.of("activation = null: must be given", () -> Epilogue.floating().with(null)),
                Refusal.of("type = F16: must be U8, S8, F32 or S32",
                        () -> new Epilogue(DataType.F16, null, none, null)),
                Refusal.of("output = null: must be given for U8", () -> new Epilogue(DataType.U8, null, none, null)),
                Refusal.of("output = null: must be given", () -> Epilogue.quantized(null)),
                Refusal.of("output = U8(scale 0.5, zeroPoint 128): must be null for F32",
                        () -> new Epilogue(DataType.F32, U8, none, null)),
                Refusal.of("output = U8(scale 0.5, zeroPoint 128): must be per tensor and S8",
                        () -> new Epilogue(DataType.S8, U8, none, null)),
                Refusal.of("output = S8(2 channels on axis 0): must be per tensor and S8",
                        () -> Epilogue.quantized(Specs.channels(2, 0))),
                Refusal.of("output = S32(scale 0.125, zeroPoint 0): must be null for S32",
                        () -> Epilogue.quantized(S32)),
                Refusal.of("activation = Activation[min=0.0, max=Infinity]: must be NONE for S32",
                        () -> Epilogue.accumulators().with(Activation.RELU)),
                Refusal.of("addend = S8(scale 0.25, zeroPoint -3): must be null for F32",
                        () -> Epilogue.floating().withAddend(S8)),
                Refusal.of("addend = null: must be given", () -> Epilogue.quantized(U8).withAddend(null)),
                Refusal.of("addend = S32(scale 0.125, zeroPoint 0): must be per tensor, U8 or S8",
                        () -> Epilogue.quantized(U8).withAddend(S32)),
                Refusal.of("addend = S8(2 channels on axis 0): must be per tensor, U8 or S8",
                        () -> Epilogue.quantized(U8).withAddend(Specs.channels(2, 0))),
                Refusal.of("min = NaN: must be a number or infinite", () -> new Activation(Float.NaN, 1)),
                Refusal.of("max = NaN: must be a number or infinite", () -> new Activation(1, Float.NaN)),
                Refusal.of("min = 2.0: must be at most max, 1.0", () -> new Activation(2, 1)),
                Refusal.of("output = null: must be given", () -> Activation.RELU.quantizedMin(null)),
                Refusal.of("output = S8(2 channels on axis 0): must be per tensor",
                        () -> Activation.RELU.quantizedMax(Specs.channels(2, 0))));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refuses(Refusal refusal) {
        refusal.check();
    }

    @Test
    void parts() {
        Epilogue epilogue = Epilogue.quantized(U8).with(Activation.RELU).withAddend(S8);
        assertEquals(new Epilogue(DataType.U8, U8, Activation.RELU, S8), epilogue);
        assertEquals(DataType.F32, Epilogue.floating().type());
        assertNull(Epilogue.floating().output());
        assertEquals(DataType.S32, Epilogue.accumulators().type());
    }

    @Test
    void boundsBecomeIntegers() {
        assertEquals(128, Activation.RELU.quantizedMin(U8));
        assertEquals(255, Activation.RELU.quantizedMax(U8));
        assertEquals(140, Activation.RELU6.quantizedMax(U8));
        assertEquals(0, Activation.NONE.quantizedMin(U8));
        assertEquals(255, Activation.NONE.quantizedMax(U8));
        assertEquals(-3, Activation.RELU.quantizedMin(S8));
        assertEquals(21, Activation.RELU6.quantizedMax(S8));
        // ties to even, as the values themselves are rounded
        QuantizationParameters ones = QuantizationParameters.perTensor(DataType.S8, 1, 0);
        assertEquals(0, new Activation(0.5f, 1.5f).quantizedMin(ones));
        assertEquals(2, new Activation(0.5f, 1.5f).quantizedMax(ones));
        // 1e38 / 1e-38 overflows a float
        QuantizationParameters tiny = QuantizationParameters.perTensor(DataType.S8, 1e-38f, 0);
        assertEquals(127, new Activation(1e38f, 2e38f).quantizedMin(tiny));
        assertEquals(-128, new Activation(-2e38f, -1e38f).quantizedMax(tiny));
    }

    @Test
    void boundsLieWithinTheTypeAndInOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 10_000; round++) {
            float a = Float.intBitsToFloat(random.nextInt());
            float b = Float.intBitsToFloat(random.nextInt());
            if (Float.isNaN(a) || Float.isNaN(b)) {
                continue;
            }
            Activation activation = new Activation(Math.min(a, b), Math.max(a, b));
            QuantizationParameters output = QuantizationParameters.perTensor(DataType.U8,
                    Math.scalb(1 + random.nextFloat(), random.nextInt(240) - 120), random.nextInt(256));
            int min = activation.quantizedMin(output);
            int max = activation.quantizedMax(output);
            assertTrue(0 <= min && min <= max && max <= 255, activation + " of " + output + ", seed " + seed);
        }
    }
}

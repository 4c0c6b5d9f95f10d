// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.DataType;
import io.jquant.EngineOptions;
import io.jquant.ParameterChoice;
import io.jquant.QuantizationParameters;
import io.jquant.spi.Numerics;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The choice of quantization parameters: the table of numerics.md 2.1b, and what it leaves open. */
public abstract class ParameterCases extends EngineCases {
    protected ParameterCases(EngineOptions options) {
        super(options);
    }

    private void assertChosen(float min, float max, ParameterChoice choice, float scale, int fbgemm, int pytorch) {
        QuantizationParameters chosen = engine().chooseParameters(min, max, choice);
        assertEquals(scale, chosen.scale());
        assertEquals(engine().numerics() == Numerics.FBGEMM ? fbgemm : pytorch, chosen.zeroPoint());
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 1, U8, false, 0.00784313772, 127, 128",
        "-1.5, 3.25, U8, false, 0.0186274517, 81, 81",
        "0, 6, U8, false, 0.0235294122, 0, 0",
        "-4, 0, U8, false, 0.0156862754, 255, 255",
        "0, 0, U8, false, 0.1, 0, 0",
        "-1e-6, 1e-6, U8, false, 6.1e-5, 128, 128",
        "-1, 1, U8, true, 0.0157480314, 64, 64",
        "-0.3, 2.7, S8, false, 0.0117647061, -102, -102",
        "-5.94492435, 1.15557075, U8, false, 0.0278450791, 213, 214",
        "0, 1e-6, U8, false, 6.1e-5, 0, 0",
        "-1e-6, 0, U8, false, 6.1e-5, 255, 255",
        "2, 4, U8, false, 0.0156862754, 0, 0",
        "-4, -2, S8, false, 0.0156862754, 127, 127"})
    void choosesAsTheTableSays(float min, float max, DataType type, boolean reduceRange, float scale, int fbgemm,
            int pytorch) {
        assertChosen(min, max, new ParameterChoice(type, reduceRange, false, false), scale, fbgemm, pytorch);
    }

    @ParameterizedTest
    @CsvSource({"-1, 0.5, S8, 0.0078125, 0", "-0.5, 1, S8, 0.00787401572, 0", "-1, 0.5, U8, 0.0078125, 128",
        "0, 1, S8, 0.00392156886, -128"})
    void keepsZeroInTheMiddle(float min, float max, DataType type, float scale, int zeroPoint) {
        assertChosen(min, max, new ParameterChoice(type, false, true, false), scale, zeroPoint, zeroPoint);
    }

    @ParameterizedTest
    @CsvSource({"0, 255, 1", "0, 256, 2", "0, 100, 0.5", "0, 1, 0.0078125", "0, 510, 2", "0, 1e12, 4294967296"})
    void roundsTheScaleToAPowerOfTwo(float min, float max, float scale) {
        assertChosen(min, max, new ParameterChoice(DataType.U8, false, false, true), scale, 0, 0);
    }

    @Test
    void choosesFromNumbers() {
        ParameterChoice choice = ParameterChoice.affine(DataType.U8);
        float[] values = {Float.NaN, 3.25f, 0, -1.5f, 1, Float.NaN, 1000};
        assertEquals(engine().chooseParameters(-1.5f, 3.25f, choice),
                engine().chooseParameters(6, MemorySegment.ofArray(values), choice));
        QuantizationParameters none = QuantizationParameters.perTensor(DataType.U8, 0.1f, 0);
        assertEquals(none, engine().chooseParameters(0, MemorySegment.ofArray(values), choice));
        assertEquals(none, engine().chooseParameters(1, MemorySegment.ofArray(values), choice));
    }

    @Test
    void refusesWhatHasNoRange() {
        ParameterChoice choice = ParameterChoice.affine(DataType.U8);
        assertRefused("min = NaN: must be finite", () -> engine().chooseParameters(Float.NaN, 1, choice));
        assertRefused("max = -2.0: must be finite and at least min, 1.0",
                () -> engine().chooseParameters(1, -2, choice));
        assertRefused("values = Infinity to Infinity: must be finite", () -> engine().chooseParameters(1,
                MemorySegment.ofArray(new float[] {Float.POSITIVE_INFINITY}), choice));
        assertRefused("values = 4 bytes: must be at least 8 bytes",
                () -> engine().chooseParameters(2, MemorySegment.ofArray(new float[1]), choice));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import static io.jquant.QuantizationParameters.perChannel;
import static io.jquant.QuantizationParameters.perTensor;
import static io.jquant.QuantizationParameters.symmetricPerChannel;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class QuantizationParametersTest {
    private static final String SCALE = ": must be finite and above 0, and so must be its reciprocal";

    static Stream<Refusal> refusals() {
        float[] two = {1, 2};
        return Stream.of(
                Refusal.of("type = null: must be given", () -> perTensor(null, 1, 0)),
                Refusal.of("type = F32: must be an integer type of at most 32 bits",
                        () -> perTensor(DataType.F32, 1, 0)),
                Refusal.of("type = S64: must be an integer type of at most 32 bits",
                        () -> perTensor(DataType.S64, 1, 0)),
                Refusal.of("type = BOOL: must be an integer type of at most 32 bits",
                        () -> perTensor(DataType.BOOL, 1, 0)),
                Refusal.of("scale = NaN" + SCALE, () -> perTensor(DataType.U8, Float.NaN, 0)),
                Refusal.of("scale = Infinity" + SCALE, () -> perTensor(DataType.U8, Float.POSITIVE_INFINITY, 0)),
                Refusal.of("scale = 0.0" + SCALE, () -> perTensor(DataType.U8, 0, 0)),
                Refusal.of("scale = -1.0" + SCALE, () -> perTensor(DataType.U8, -1, 0)),
                Refusal.of("scale = 1.4E-45" + SCALE, () -> perTensor(DataType.U8, Float.MIN_VALUE, 0)),
                Refusal.of("zeroPoint = 256: must be in U8's range 0..255", () -> perTensor(DataType.U8, 1, 256)),
                Refusal.of("zeroPoint = -1: must be in U8's range 0..255", () -> perTensor(DataType.U8, 1, -1)),
                Refusal.of("zeroPoint = -129: must be in S8's range -128..127", () -> perTensor(DataType.S8, 1, -129)),
                Refusal.of("zeroPoint = 8: must be in S4's range -8..7", () -> perTensor(DataType.S4, 1, 8)),
                Refusal.of("zeroPoint = 16: must be in U4's range 0..15", () -> perTensor(DataType.U4, 1, 16)),
                Refusal.of("zeroPoint = 65536: must be in U16's range 0..65535",
                        () -> perTensor(DataType.U16, 1, 65_536)),
                Refusal.of("scales = null: must be given", () -> perChannel(DataType.S8, null, new int[2], 0)),
                Refusal.of("scales = null: must be given", () -> symmetricPerChannel(DataType.S8, null, 0)),
                Refusal.of("zeroPoints = null: must be given", () -> perChannel(DataType.S8, two, null, 0)),
                Refusal.of("scales.length = 0: must be above 0",
                        () -> perChannel(DataType.S8, new float[0], new int[0], 0)),
                Refusal.of("zeroPoints.length = 3: must be scales.length, 2",
                        () -> perChannel(DataType.S8, two, new int[3], 0)),
                Refusal.of("axis = -1: must be 0 or more", () -> perChannel(DataType.S8, two, new int[2], -1)),
                Refusal.of("scale[1] = -2.0" + SCALE,
                        () -> symmetricPerChannel(DataType.S8, new float[] {1, -2}, 0)),
                Refusal.of("zeroPoint[1] = 128: must be in S8's range -128..127",
                        () -> perChannel(DataType.S8, two, new int[] {0, 128}, 0)),
                Refusal.of("channel = 2: must be 0 or more and below 2",
                        () -> symmetricPerChannel(DataType.S8, two, 0).scale(2)),
                Refusal.of("channel = -1: must be 0 or more and below 2",
                        () -> symmetricPerChannel(DataType.S8, two, 0).zeroPoint(-1)),
                Refusal.of("channel = -1: must be 0 or more and below 1",
                        () -> perTensor(DataType.S8, 1, 0).scale(-1)));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refuses(Refusal refusal) {
        refusal.check();
    }

    @ParameterizedTest
    @EnumSource(names = {"U4", "S4", "U8", "S8", "U16", "S16", "S32"})
    void theWholeRangeOfATypeIsAllowed(DataType type) {
        assertEquals(type.min(), perTensor(type, 1, type.min()).zeroPoint());
        assertEquals(type.max(), perTensor(type, 1, type.max()).zeroPoint());
    }

    @Test
    void theSmallestScaleIsThatWhoseReciprocalIsFinite() {
        float smallest = Math.nextUp(0x1p-128f);
        assertEquals(smallest, perTensor(DataType.U8, smallest, 0).scale());
        assertThrows(IllegalArgumentException.class, () -> perTensor(DataType.U8, 0x1p-128f, 0));
        assertEquals(Float.MAX_VALUE, perTensor(DataType.U8, Float.MAX_VALUE, 0).scale());
    }

    @Test
    void perTensorHoldsForEveryChannel() {
        QuantizationParameters parameters = perTensor(DataType.U8, 0.5f, 3);
        assertTrue(parameters.isPerTensor());
        assertFalse(parameters.isSymmetric());
        assertEquals(1, parameters.channels());
        assertEquals(QuantizationParameters.NO_AXIS, parameters.axis());
        assertEquals(0.5f, parameters.scale(17));
        assertEquals(3, parameters.zeroPoint(17));
        assertEquals("U8(scale 0.5, zeroPoint 3)", parameters.toString());
    }

    @Test
    void perChannelCopiesItsArrays() {
        float[] scales = {0.5f, 2};
        int[] zeroPoints = {-1, 7};
        QuantizationParameters parameters = perChannel(DataType.S8, scales, zeroPoints, 1);
        scales[0] = Float.NaN;
        zeroPoints[0] = 1000;
        assertEquals(0.5f, parameters.scale(0));
        assertEquals(2, parameters.scale(1));
        assertEquals(-1, parameters.zeroPoint(0));
        assertEquals(7, parameters.zeroPoint(1));
        assertEquals(1, parameters.axis());
        assertFalse(parameters.isPerTensor());
        assertEquals("S8(2 channels on axis 1)", parameters.toString());
        assertTrue(symmetricPerChannel(DataType.S8, new float[] {1, 2}, 0).isSymmetric());
    }

    @Test
    void equalsByValue() {
        QuantizationParameters one = perChannel(DataType.S8, new float[] {1, 2}, new int[] {3, 4}, 0);
        assertEquals(one, perChannel(DataType.S8, new float[] {1, 2}, new int[] {3, 4}, 0));
        assertEquals(one.hashCode(), perChannel(DataType.S8, new float[] {1, 2}, new int[] {3, 4}, 0).hashCode());
        assertNotEquals(one, perChannel(DataType.S8, new float[] {1, 2}, new int[] {3, 4}, 1));
        assertNotEquals(one, perChannel(DataType.S8, new float[] {1, 2}, new int[] {3, 5}, 0));
        assertNotEquals(one, perChannel(DataType.S8, new float[] {1, 3}, new int[] {3, 4}, 0));
        assertNotEquals(one, perChannel(DataType.U8, new float[] {1, 2}, new int[] {3, 4}, 0));
        assertNotEquals(perTensor(DataType.S8, 1, 0), symmetricPerChannel(DataType.S8, new float[] {1}, 0));
    }
}

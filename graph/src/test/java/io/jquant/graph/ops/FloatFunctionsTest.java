// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Functions in binary32 beside those in binary64. */
class FloatFunctionsTest {
    private static void near(double exact, float found, double ulps, double floor, String where) {
        double unit = Math.max(Math.ulp((float) exact), floor);
        assertTrue(Math.abs(found - exact) <= ulps * unit, where + ": " + found + ", exact " + exact);
    }

    @Test
    void allAreNear() {
        for (float x = -87.3f; x < 88.7f; x += 0.00037f) {
            near(Math.exp(x), FloatFunctions.exp(x), 2, 0, "exp " + x);
        }
        for (float x = -12; x < 12; x += 0.000113f) {
            near(Math.tanh(x), FloatFunctions.tanh(x), 4, 0, "tanh " + x);
            near(SpecialFunctions.sigmoid(x), FloatFunctions.sigmoid(x), 4, 0, "sigmoid " + x);
            near(SpecialFunctions.erf(x), FloatFunctions.erf(x), 4, 0x1p-23, "erf " + x);
        }
    }

    @Test
    void endsAndNaN() {
        assertEquals(Float.POSITIVE_INFINITY, FloatFunctions.exp(89));
        assertEquals(Float.POSITIVE_INFINITY, FloatFunctions.exp(Float.POSITIVE_INFINITY));
        assertEquals(0, FloatFunctions.exp(-104));
        assertEquals(0, FloatFunctions.exp(Float.NEGATIVE_INFINITY));
        assertEquals(1, FloatFunctions.exp(0));
        assertTrue(Float.isNaN(FloatFunctions.exp(Float.NaN)));
        assertEquals(1, FloatFunctions.sigmoid(200));
        assertEquals(0, FloatFunctions.sigmoid(-200));
        assertEquals(-1, FloatFunctions.tanh(-50));
        assertEquals(1, FloatFunctions.tanh(Float.POSITIVE_INFINITY));
        assertTrue(Float.isNaN(FloatFunctions.tanh(Float.NaN)));
        assertTrue(Float.isNaN(FloatFunctions.erf(Float.NaN)));
        assertEquals(1, FloatFunctions.erf(Float.POSITIVE_INFINITY), 1e-6f);
        assertEquals(-1, FloatFunctions.erf(-9), 1e-6f);
    }
}

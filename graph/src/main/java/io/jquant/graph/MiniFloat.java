// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph;

import io.jquant.DataType;

/** Floats of 8 and 4 bits: a format is its field widths, bias, largest finite code and special codes. */
enum MiniFloat {
    E4M3FN(4, 3, 7, 0x7e, 0x7f, -1, true),
    E4M3FNUZ(4, 3, 8, 0x7f, 0x80, -1, true),
    E5M2(5, 2, 15, 0x7b, 0x7f, 0x7c, true),
    E5M2FNUZ(5, 2, 16, 0x7f, 0x80, -1, true),
    E2M1(2, 1, 1, 0x7, -1, -1, false);

    private final int mantissaBits;
    private final int bias;
    private final int largest;
    private final int nan;
    private final int infinity;
    private final int signBit;
    private final boolean negativeZero;
    // filled once by the constructor
    @SuppressWarnings("ImmutableEnumChecker")
    private final float[] values;

    MiniFloat(int exponentBits, int mantissaBits, int bias, int largest, int nan, int infinity, boolean hasNan) {
        this.mantissaBits = mantissaBits;
        this.bias = bias;
        this.largest = largest;
        this.nan = hasNan ? nan : -1;
        this.infinity = infinity;
        this.signBit = 1 << (exponentBits + mantissaBits);
        this.negativeZero = nan != signBit;
        this.values = new float[2 * signBit];
        for (int code = 0; code < values.length; code++) {
            values[code] = value(code);
        }
    }

    static MiniFloat of(DataType type) {
        return switch (type) {
            case F8E4M3FN -> E4M3FN;
            case F8E4M3FNUZ -> E4M3FNUZ;
            case F8E5M2 -> E5M2;
            case F8E5M2FNUZ -> E5M2FNUZ;
            case F4E2M1 -> E2M1;
            default -> throw new IllegalArgumentException("type = " + type + ": must be a float of 8 or 4 bits");
        };
    }

    private float value(int code) {
        int magnitude = code & (signBit - 1);
        if (code == nan || (negativeZero && nan >= 0 && magnitude > Math.max(largest, infinity))) {
            return Float.NaN;
        }
        float sign = (code & signBit) != 0 ? -1 : 1;
        if (magnitude == infinity) {
            return sign * Float.POSITIVE_INFINITY;
        }
        int exponent = magnitude >> mantissaBits;
        int mantissa = magnitude & ((1 << mantissaBits) - 1);
        int scaled = exponent == 0 ? mantissa : mantissa + (1 << mantissaBits);
        return sign * Math.scalb((float) scaled, Math.max(exponent, 1) - bias - mantissaBits);
    }

    float decode(int code) {
        return values[code];
    }

    /**
     * Nearest code, ties to the even one; what is too large becomes the largest or, unsaturated, infinity or NaN. A
     * format without NaN gets -0 for it, as the standard's test vectors have it.
     */
    int encode(float x, boolean saturate) {
        boolean negative = Float.floatToRawIntBits(x) < 0;
        int sign = negative ? signBit : 0;
        if (Float.isNaN(x)) {
            return nan < 0 ? signBit : nan == signBit ? nan : nan | sign;
        }
        float magnitude = Math.abs(x);
        int code = nearest(magnitude);
        if (code > largest) {
            if (saturate || nan < 0) {
                code = largest;
            } else {
                return infinity >= 0 ? infinity | sign : nan == signBit ? nan : nan | sign;
            }
        }
        return code == 0 && !negativeZero ? 0 : code | sign;
    }

    private int nearest(float magnitude) {
        int low = 0;
        int high = largest;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (values[middle] <= magnitude) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        float step = low == largest ? values[largest] - values[largest - 1] : values[low + 1] - values[low];
        float over = magnitude - values[low];
        return over > step / 2 || (over == step / 2 && (low & 1) != 0) ? low + 1 : low;
    }
}

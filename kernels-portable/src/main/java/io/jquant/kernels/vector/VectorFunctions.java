// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Functions of floats in the operations, and in the order of operations, of the plain loops that define them: every
 * lane has the same bits. Small methods: the compiler must inline them.
 */
final class VectorFunctions {
    private static final float LOG2_E = 1.442695f;
    /** The natural logarithm of 2 in two parts, the first with few enough bits that its multiples are exact. */
    private static final float LN2_HIGH = 0.6933594f;
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float ROUNDER = 0x1.8p23f;
    private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);
    private static final float LARGEST = 88.72283f;
    private static final float SMALLEST = -87.33654f;
    private static final int EXPONENT_SHIFT = 23;
    private static final int BIAS = 127;
    private static final float ROOT_OF_HALF = 0.70710677f;
    private static final float ERF_IS_ONE = 4;

    private VectorFunctions() {
    }

    static FloatVector exp(FloatVector x) {
        FloatVector shifted = x.mul(LOG2_E).add(ROUNDER);
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = x.sub(n.mul(LN2_HIGH)).sub(n.mul(LN2_LOW));
        FloatVector p = r.mul(0.00019875691f).add(0.0013981999f);
        p = p.mul(r).add(0.008333452f);
        p = p.mul(r).add(0.041665796f);
        p = p.mul(r).add(0.16666666f);
        p = p.mul(r).add(0.5f);
        FloatVector power = p.mul(r).mul(r).add(r).add(1);
        // the integer lies in the low bits; in two steps, as 2^128 has no binary32
        IntVector exponent = shifted.reinterpretAsInts().sub(ROUNDER_BITS);
        IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
        FloatVector result = power.mul(powerOfTwo(half)).mul(powerOfTwo(exponent.sub(half)));
        return result.blend(0, x.compare(VectorOperators.LT, SMALLEST))
                .blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, LARGEST));
    }

    private static FloatVector powerOfTwo(IntVector exponent) {
        return exponent.add(BIAS).lanewise(VectorOperators.LSHL, EXPONENT_SHIFT).reinterpretAsFloats();
    }

    static FloatVector sigmoid(FloatVector x) {
        FloatVector one = FloatVector.broadcast(VectorRows.FLOATS, 1);
        return one.div(exp(x.neg()).add(1));
    }

    static FloatVector tanh(FloatVector x) {
        FloatVector magnitude = x.abs();
        FloatVector two = FloatVector.broadcast(VectorRows.FLOATS, 2);
        FloatVector large = FloatVector.broadcast(VectorRows.FLOATS, 1).sub(two.div(exp(magnitude.mul(2)).add(1)));
        large = large.blend(large.neg(), x.compare(VectorOperators.LT, 0));
        FloatVector z = x.mul(x);
        FloatVector p = z.mul(-0.0057049887f).add(0.020639088f);
        p = p.mul(z).sub(0.053739715f);
        p = p.mul(z).add(0.13331442f);
        p = p.mul(z).sub(0.3333328f);
        return p.mul(z).mul(x).add(x).blend(large, magnitude.compare(VectorOperators.GE, 0.625f));
    }

    static FloatVector erf(FloatVector x) {
        FloatVector above = x.blend(-ERF_IS_ONE, x.compare(VectorOperators.LT, -ERF_IS_ONE));
        FloatVector bounded = above.blend(ERF_IS_ONE, x.compare(VectorOperators.GT, ERF_IS_ONE));
        FloatVector z = bounded.mul(bounded);
        FloatVector p = z.mul(-2.7261424e-10f).add(2.7706815e-8f);
        p = p.mul(z).sub(2.101024e-6f);
        p = p.mul(z).sub(5.6925062e-5f);
        p = p.mul(z).sub(0.00073499064f);
        p = p.mul(z).sub(0.0029546f);
        p = p.mul(z).sub(0.016096033f);
        FloatVector q = z.mul(-1.45660715e-5f).sub(0.00021337405f);
        q = q.mul(z).sub(0.001682827f);
        q = q.mul(z).sub(0.0073733293f);
        q = q.mul(z).sub(0.014264739f);
        return bounded.mul(p).div(q);
    }

    static FloatVector gelu(FloatVector x) {
        return x.mul(0.5f).mul(erf(x.mul(ROOT_OF_HALF)).add(1));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Functions of floats in the operations, and in the order of operations, of the plain loops that define them: every
 * element has the same bits. Whole vectors only. Each loop calls nothing but the Vector API: a method of jquant's own
 * that C2 has compiled on its own before is not inlined again, and would hand over its vectors on the heap.
 */
final class VectorFunctions {
    private static final VectorSpecies<Float> FLOATS = VectorRows.FLOATS;
    private static final int LANES = VectorRows.LANES;

    private static final float LOG2_E = 1.442695f;
    /** The natural logarithm of 2 in two parts, the first with few enough bits that its multiples are exact. */
    private static final float LN2_HIGH = 0.6933594f;
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float ROUNDER = 0x1.8p23f;
    private static final float LARGEST = 88.72283f;
    private static final float SMALLEST = -87.33654f;
    private static final int EXPONENT_SHIFT = 23;
    private static final float ERF_IS_ONE = 4;

    private VectorFunctions() {
    }

    /** {@code y = exp(y)}. */
    static void exp(int n, float[] y, int at) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector x = FloatVector.fromArray(FLOATS, y, at + i);
            FloatVector shifted = x.mul(LOG2_E).add(ROUNDER);
            FloatVector whole = shifted.sub(ROUNDER);
            FloatVector r = x.sub(whole.mul(LN2_HIGH)).sub(whole.mul(LN2_LOW));
            FloatVector p = r.mul(0.00019875691f).add(0.0013981999f);
            p = p.mul(r).add(0.008333452f);
            p = p.mul(r).add(0.041665796f);
            p = p.mul(r).add(0.16666666f);
            p = p.mul(r).add(0.5f);
            FloatVector power = p.mul(r).mul(r).add(r).add(1);
            // the integer lies in the low bits: added to the exponent, which no result in between leaves
            IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT_SHIFT);
            FloatVector result = power.reinterpretAsInts().add(exponent).reinterpretAsFloats();
            // infinite above, NaN for NaN
            x.add(Float.POSITIVE_INFINITY).blend(result, x.compare(VectorOperators.LE, LARGEST))
                    .blend(0, x.compare(VectorOperators.LT, SMALLEST)).intoArray(y, at + i);
        }
    }

    /** {@code y = -x}. */
    static void negate(int n, float[] x, int xAt, float[] y, int yAt) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector.fromArray(FLOATS, x, xAt + i).neg().intoArray(y, yAt + i);
        }
    }

    /** {@code y = 1 / (1 + y)}, which makes a sigmoid of the exponential of what is negated. */
    static void sigmoidOf(int n, float[] y, int at) {
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        for (int i = 0; i < n; i += LANES) {
            one.div(FloatVector.fromArray(FLOATS, y, at + i).add(1)).intoArray(y, at + i);
        }
    }

    /** {@code y = 2 |x|}. */
    static void twiceMagnitude(int n, float[] x, int xAt, float[] y, int yAt) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector.fromArray(FLOATS, x, xAt + i).abs().mul(2).intoArray(y, yAt + i);
        }
    }

    /** {@code y = tanh(x)} where y is the exponential of twice the magnitude of x. */
    static void tanhOf(int n, float[] x, int xAt, float[] y, int yAt) {
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        FloatVector two = FloatVector.broadcast(FLOATS, 2);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(FLOATS, x, xAt + i);
            FloatVector large = one.sub(two.div(FloatVector.fromArray(FLOATS, y, yAt + i).add(1)));
            large = large.blend(large.neg(), v.compare(VectorOperators.LT, 0));
            FloatVector z = v.mul(v);
            FloatVector p = z.mul(-0.0057049887f).add(0.020639088f);
            p = p.mul(z).sub(0.053739715f);
            p = p.mul(z).add(0.13331442f);
            p = p.mul(z).sub(0.3333328f);
            p.mul(z).mul(v).add(v).blend(large, v.abs().compare(VectorOperators.GE, 0.625f)).intoArray(y, yAt + i);
        }
    }

    /** {@code y = erf(x * factor)}. */
    static void erf(int n, float[] x, int xAt, float factor, float[] y, int yAt) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(FLOATS, x, xAt + i).mul(factor);
            FloatVector above = v.blend(-ERF_IS_ONE, v.compare(VectorOperators.LT, -ERF_IS_ONE));
            FloatVector bounded = above.blend(ERF_IS_ONE, v.compare(VectorOperators.GT, ERF_IS_ONE));
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
            bounded.mul(p).div(q).intoArray(y, yAt + i);
        }
    }

    /** {@code y = x / 2 * (1 + y)}, which makes a gelu of an error function. */
    static void geluOf(int n, float[] x, int xAt, float[] y, int yAt) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector.fromArray(FLOATS, x, xAt + i).mul(0.5f).mul(FloatVector.fromArray(FLOATS, y, yAt + i).add(1))
                    .intoArray(y, yAt + i);
        }
    }
}

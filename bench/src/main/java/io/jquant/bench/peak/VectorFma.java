// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.peak;

import io.jquant.bench.measure.Subject;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Float multiply-adds through the Vector API: what the vector tier could reach at most. */
final class VectorFma {
    /** Accumulators of a step. */
    static final int ACCUMULATORS = 12;
    private static final VectorSpecies<Float> WIDE = FloatVector.SPECIES_512;
    private static final VectorSpecies<Float> NARROW = FloatVector.SPECIES_256;

    // keeps the loop from being removed
    private static volatile float sink;

    private VectorFma() {
    }

    /** Whether vectors of some bits are registers in this JVM, and not emulated. */
    static boolean hasRegisters(int bits) {
        return bits <= FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }

    static Subject of(int bits, long steps) {
        return Subject.of(bits == 512 ? () -> sink = wide(steps) : () -> sink = narrow(steps), null, () -> { });
    }

    // two methods: a species must be a constant where it is used
    private static float wide(long steps) {
        FloatVector a = FloatVector.broadcast(WIDE, 1e-9f);
        FloatVector b = FloatVector.broadcast(WIDE, 1e-9f + sink);
        FloatVector c0 = a;
        FloatVector c1 = a;
        FloatVector c2 = a;
        FloatVector c3 = a;
        FloatVector c4 = a;
        FloatVector c5 = a;
        FloatVector c6 = a;
        FloatVector c7 = a;
        FloatVector c8 = a;
        FloatVector c9 = a;
        FloatVector c10 = a;
        FloatVector c11 = a;
        for (long i = 0; i < steps; i++) {
            c0 = a.fma(b, c0);
            c1 = a.fma(b, c1);
            c2 = a.fma(b, c2);
            c3 = a.fma(b, c3);
            c4 = a.fma(b, c4);
            c5 = a.fma(b, c5);
            c6 = a.fma(b, c6);
            c7 = a.fma(b, c7);
            c8 = a.fma(b, c8);
            c9 = a.fma(b, c9);
            c10 = a.fma(b, c10);
            c11 = a.fma(b, c11);
        }
        return c0.add(c1).add(c2).add(c3).add(c4).add(c5).add(c6).add(c7).add(c8).add(c9).add(c10).add(c11).lane(0);
    }

    private static float narrow(long steps) {
        FloatVector a = FloatVector.broadcast(NARROW, 1e-9f);
        FloatVector b = FloatVector.broadcast(NARROW, 1e-9f + sink);
        FloatVector c0 = a;
        FloatVector c1 = a;
        FloatVector c2 = a;
        FloatVector c3 = a;
        FloatVector c4 = a;
        FloatVector c5 = a;
        FloatVector c6 = a;
        FloatVector c7 = a;
        FloatVector c8 = a;
        FloatVector c9 = a;
        FloatVector c10 = a;
        FloatVector c11 = a;
        for (long i = 0; i < steps; i++) {
            c0 = a.fma(b, c0);
            c1 = a.fma(b, c1);
            c2 = a.fma(b, c2);
            c3 = a.fma(b, c3);
            c4 = a.fma(b, c4);
            c5 = a.fma(b, c5);
            c6 = a.fma(b, c6);
            c7 = a.fma(b, c7);
            c8 = a.fma(b, c8);
            c9 = a.fma(b, c9);
            c10 = a.fma(b, c10);
            c11 = a.fma(b, c11);
        }
        return c0.add(c1).add(c2).add(c3).add(c4).add(c5).add(c6).add(c7).add(c8).add(c9).add(c10).add(c11).lane(0);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.DataType;
import io.jquant.VectorScoringSpec;
import io.jquant.VectorScoringSpec.Metric;
import io.jquant.codegen.ExecutableMemory;
import io.jquant.spi.VectorScoringKernel;
import java.lang.foreign.MemorySegment;

/** Scores by machine code, which is made for the specification and goes with the kernel. */
final class NativeScoring implements VectorScoringKernel {
    /** About 100 microseconds from memory: the garbage collector waits for a call. */
    private static final int MOST_BYTES = 1 << 20;

    private final Machine machine;
    private final MemorySegment code;
    private final int most;

    private NativeScoring(VectorScoringSpec spec, Machine machine, MemorySegment code) {
        this.machine = machine;
        this.code = code;
        most = Math.max(ScoringCode.GROUP, (MOST_BYTES / spec.dimension()) & -ScoringCode.GROUP);
    }

    /**
     * A kernel, null where vectors are longer than the rows.
     *
     * @param spec the scoring
     * @param wide whether there are {@code vpdpbusd} and 512 bits
     * @param machine what runs the code
     */
    static VectorScoringKernel of(VectorScoringSpec spec, boolean wide, Machine machine) {
        ScoringArithmetic arithmetic = arithmetic(spec, wide);
        if (spec.dimension() < arithmetic.step()) {
            return null;
        }
        // the segment keeps the memory
        return new NativeScoring(spec, machine,
                ExecutableMemory.mapCollected(new ScoringCode(spec, arithmetic).assemble()).orThrow().code());
    }

    private static ScoringArithmetic arithmetic(VectorScoringSpec spec, boolean wide) {
        if (wide && spec.metric() == Metric.PRODUCT && spec.dimension() >= 64) {
            return new ScoringDots(spec.rowType() == DataType.S8, spec.dimension());
        }
        return new ScoringWords(spec, wide && spec.dimension() >= 32 ? 512 : 256);
    }

    @Override
    public boolean run(MemorySegment query, MemorySegment rows, long rowCount, MemorySegment ordinals, int count,
            MemorySegment results) {
        if (count <= most) {
            return call(query, rows, rowCount, ordinals, count, results, 4L * count);
        }
        for (long at = 0; at < count; at += most) {
            int now = (int) Math.min(most, count - at);
            if (!call(query, rows, rowCount, ordinals.asSlice(4 * at), now, results.asSlice(4 * at), 4L * count)) {
                return false;
            }
        }
        return true;
    }

    private boolean call(MemorySegment query, MemorySegment rows, long rowCount, MemorySegment ordinals, int count,
            MemorySegment results, long toNorms) {
        return machine.score(code, query, rows, ordinals, results, count, rowCount, toNorms) == 0;
    }
}

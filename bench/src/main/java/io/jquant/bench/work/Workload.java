// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.work;

import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.bench.measure.Subject;

/** One operator on operands of one shape: what jquant and its peers are given alike. */
public sealed interface Workload
        permits ByteWork, ProductWork, DynamicWork, GroupedLinearWork, ElementwiseWork, EmbeddingWork, ScoringWork {
    /** What the hardware bounds the work by. */
    sealed interface Bound {
    }

    /** Multiplications: figures are GOPS, and the peak is that of the instruction which multiplies. */
    record Arithmetic() implements Bound {
    }

    /**
     * Reading weights or tables that are used once a call.
     *
     * @param bytes how many
     */
    record Reading(long bytes) implements Bound {
    }

    /**
     * Reading operands and writing results, as a copy does.
     *
     * @param bytes how many are read and written
     */
    record Copying(long bytes) implements Bound {
    }

    /** {@return the multiplications and additions of one call; of work without any, its elements} */
    long operations();

    /** {@return what the hardware bounds it by} */
    Bound bound();

    /** {@return bytes of operands and results, each counted once} */
    long traffic();

    /** {@return the operands' types, such as {@code u8s8u8}} */
    String types();

    /** {@return the element type of what is compared} */
    DataType outputType();

    /**
     * Prepares the work on an engine.
     *
     * @param engine the engine
     * @return the work, ready to run
     */
    Subject on(Engine engine);
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.Operator;
import io.jquant.spi.Tier;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Function;

/**
 * An operator and its operands: a line of {@link OperatorTable}, which tests run again and again.
 *
 * @param name the operator
 * @param inputs its operands
 * @param outputBytes how long its output is
 * @param open prepares it on an engine
 */
public record OperatorLine(String name, List<MemorySegment> inputs, int outputBytes,
        Function<Engine, Prepared> open) {
    /** Runs an operator on its operands, wherever they lie. */
    @FunctionalInterface
    public interface Run {
        void run(List<MemorySegment> inputs, MemorySegment output);
    }

    /** An operator to be closed. */
    public record Prepared(Operator<?> operator, Run run) implements AutoCloseable {
        @Override
        public void close() {
            operator.close();
        }
    }

    /** What the definition answers under the formulas of an engine. */
    public MemorySegment expected(String engine) {
        EngineOptions definition = EngineOptions.defaults().withEngine(engine).withTier(Tier.SCALAR).withThreads(1);
        try (Engine scalar = Engine.open(definition); Prepared prepared = open.apply(scalar)) {
            MemorySegment output = output();
            prepared.run().run(inputs, output);
            return output;
        }
    }

    /** A place for the output, on the heap. */
    public MemorySegment output() {
        return MemorySegment.ofArray(new byte[outputBytes]);
    }

    /** Runs the operator and wants every bit as expected. */
    public void check(Prepared prepared, List<MemorySegment> operands, MemorySegment output, MemorySegment expected,
            String message) {
        output.fill((byte) 0xA5);
        prepared.run().run(operands, output);
        long at = output.mismatch(expected);
        assertEquals(-1, at, () -> message + ": " + name + " differs at byte " + at + " of " + outputBytes);
    }
}

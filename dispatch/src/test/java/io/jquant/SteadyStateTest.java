// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import static io.jquant.Specs.S8;
import static io.jquant.Specs.U8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The checks of a run that passes them make no garbage. */
class SteadyStateTest {
    private static final int CALLS = 20_000;
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void runsAllocateNothing() {
        Engine engine = StubBackend.engine();
        MemorySegment x = MemorySegment.ofArray(new byte[1000]);
        MemorySegment y = MemorySegment.ofArray(new byte[4000]);
        PackedLinear linear = engine.linear(Specs.linear(3, 2), x, Bias.none());
        PackedConvolution convolution = engine.convolution(Specs.transposed(2, 2, 1), x, Bias.none());
        Matmul matmul = engine.matmul(new MatmulSpec(U8, S8, Specs.TO_F32));
        MatrixBatch shape = MatrixBatch.contiguous(2, 3, 4, 5);
        Spatial pooling = engine.pooling(
                new PoolingSpec(new Pooling.Max(Window.of(Extent.of(2, 2)), true), 3, U8, U8));
        Extent extent = Extent.of(4, 4);
        Unary unary = engine.unary(new UnarySpec(new UnaryFunction.Tanh(), U8, U8));
        Map<String, Runnable> runs = Map.of("linear", () -> linear.run(2, x, y), "convolution",
                () -> convolution.run(1, extent, x, y), "matmul", () -> matmul.run(shape, x, x, y), "pooling",
                () -> pooling.run(1, extent, x, y), "unary", () -> unary.run(100, x, x));
        runs.forEach((name, run) -> {
            repeat(run);
            // what the compiler has not yet got rid of when it is first measured it has later
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 50 && least > CALLS; i++) {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                repeat(run);
                least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
            }
            assertTrue(least < CALLS, name + ": " + least + " bytes in " + CALLS + " calls");
        });
    }

    private static void repeat(Runnable run) {
        for (int i = 0; i < CALLS; i++) {
            run.run();
        }
    }
}

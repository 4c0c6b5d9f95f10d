// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.DataType;
import io.jquant.cpu.Isa;
import io.jquant.kernels.common.GemmKernel;
import io.jquant.kernels.common.GemmShape;
import io.jquant.kernels.common.KernelProvider;
import io.jquant.kernels.common.KernelSet;
import io.jquant.kernels.common.OutputStage;
import io.jquant.kernels.common.Scratch;
import io.jquant.kernels.common.ScratchPool;
import io.jquant.spi.Numerics;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Kernels of products on their own: every tail between pages that must not be touched, many threads, garbage
 * collection. A module that provides machine code extends this class by one that is a {@code ParameterizedClass} over
 * its instruction sets.
 */
public abstract class GemmKernelSuite {
    protected static final long SEED = 20261124;

    private static final List<DataType> TYPES = List.of(DataType.U8, DataType.S8, DataType.F32, DataType.S32);
    private static final int DEPTHS = 2 * 64 + 1;
    private static final long OPERAND_BYTES = 1 << 18;
    private static final long COMPILED_NANOS = 20_000_000_000L;
    private static final int CASES = Integer.getInteger("jquant.test.cases", 200);
    private static final int SHARED_RUNS = 15 * CASES;
    /** With fewer cases than usual, not every size. */
    private static final int STEP = Math.max(1, 200 / CASES);

    protected final Random random = new Random(SEED);
    protected final Isa isa;
    protected final ScratchPool pool;
    protected final Arena arena = Arena.ofShared();

    private final KernelSet kernels;
    private final List<GuardPages> guards = new ArrayList<>();
    private int next;

    /** Skips the tests, with the reason, where the kernels that a provider offers for an instruction set cannot run. */
    protected GemmKernelSuite(KernelProvider provider, Isa isa) {
        this.isa = isa;
        KernelProvider.Offer offer = provider.offers().stream()
                .filter(candidate -> candidate.isa() == isa).findFirst().orElseThrow();
        new KernelWay(offer, Numerics.FBGEMM).assumeUsable();
        kernels = offer.open().get();
        pool = new ScratchPool(kernels);
    }

    @AfterEach
    void free() {
        pool.close();
        arena.close();
        guards.forEach(GuardPages::close);
    }

    protected final GemmKernel kernel(OutputStage stage) {
        return kernels.gemm(new GemmShape(1, 1, true), stage);
    }

    /** Every operand in memory of its own between guard pages, at one end of it or the other. */
    private Product.Memory guarded() {
        GuardPages[] pieces = new GuardPages[12];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = new GuardPages(OPERAND_BYTES, i < pieces.length / 2);
            guards.add(pieces[i]);
        }
        return bytes -> pieces[next++ % pieces.length].of(bytes);
    }

    private void check(int rows, int columns, int depth, DataType type, Product.Memory memory, Scratch scratch) {
        // an operand in each piece: those of one end, or of the other
        next = random.nextInt(4) > 0 ? 0 : 6;
        OutputStage any = Product.stage(random, type);
        boolean scaled = type == DataType.F32 && kernels.scalesRows() && random.nextBoolean();
        OutputStage stage = scaled ? any.withRowScales() : any;
        GemmKernel kernel = kernel(stage);
        Product product = new Product(random, kernel, stage, rows, columns, depth, random.nextInt(3),
                random.nextBoolean() ? Product.weights(random, columns, depth)
                        : Product.symmetricWeights(random, columns, depth), memory, scratch);
        product.check(kernel.specialize(product.block.b), isa + ", seed " + SEED);
    }

    @Test
    void everyNumberOfRowsAndColumns() {
        assumeTrue(GuardPages.AVAILABLE, "no mmap here");
        Product.Memory memory = guarded();
        Scratch scratch = pool.borrow();
        GemmKernel kernel = kernel(null);
        int step = 0;
        for (int rows = 1; rows <= 2 * kernel.tile().rows() + 1; rows++) {
            for (int columns = 1; columns <= 2 * kernel.tile().columns() + 1; columns++) {
                if (++step % STEP != 0) {
                    continue;
                }
                check(rows, columns, 1 + step * 7 % DEPTHS, TYPES.get(step % TYPES.size()), memory, scratch);
            }
        }
    }

    @Test
    void everyDepthOnTheHeapAndOff() {
        Scratch scratch = pool.borrow();
        Product.Memory heap = bytes -> MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
        Product.Memory guarded = GuardPages.AVAILABLE ? guarded() : heap;
        for (int depth = 1; depth <= DEPTHS; depth += STEP) {
            for (DataType type : TYPES) {
                for (int rows : new int[] {1, 3, 5, 13, 37}) {
                    check(rows, 1 + random.nextInt(70), depth, type, heap, scratch);
                    check(rows, 1 + random.nextInt(70), depth, type, guarded, scratch);
                }
            }
        }
    }

    @Test
    void longDepths() {
        assumeTrue(GuardPages.AVAILABLE, "no mmap here");
        Scratch scratch = pool.borrow();
        Product.Memory memory = guarded();
        for (int depth : new int[] {255, 256, 257, 1000, 1024, 1027, 2500}) {
            check(37, 50, depth, TYPES.get(depth % TYPES.size()), memory, scratch);
        }
    }

    @Test
    void extremesDoNotSaturate() {
        Scratch scratch = pool.borrow();
        OutputStage stage = new OutputStage(DataType.S32, 0, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, false,
                false, null);
        GemmKernel kernel = kernel(stage);
        // pairs at the edge of what pmaddubsw can do with 255, and beyond
        byte[][] pairs = {{127, 127}, {-128, -128}, {64, 64}, {64, 65}, {-64, -64}, {-64, -65}, {127, 1}, {127, 2},
                {-128, 0}, {-128, -1}, {127, -128}, {0, -128}, {-127, -127}, {127, -127}};
        for (byte[] pair : pairs) {
            for (int depth : new int[] {1, 2, 3, 4, 64, 131, 1024}) {
                byte[] weights = new byte[40 * depth];
                for (int i = 0; i < weights.length; i++) {
                    weights[i] = pair[i % depth % 2];
                }
                for (int rows : new int[] {1, 2, 9}) {
                    Product product = new Product(random, kernel, stage, rows, 40, depth, 0, weights,
                            bytes -> arena.allocate(bytes, 64), scratch);
                    for (int value : new int[] {255, 0}) {
                        product.setRows((byte) value);
                        product.check(kernel.specialize(product.block.b), value + " * " + Arrays.toString(pair));
                    }
                }
            }
        }
    }

    @Test
    void threadsAndTheGarbageCollectorDoNotDisturb() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            Future<Integer> garbage = threads.submit(() -> collect(done));
            List<Future<?>> runs = new ArrayList<>();
            OutputStage stage = Product.stage(random, DataType.U8);
            GemmKernel kernel = kernel(stage);
            byte[] weights = Product.weights(random, 70, 300);
            for (int thread = 0; thread < 3; thread++) {
                Random own = new Random(SEED + thread);
                Product product = new Product(own, kernel, stage, 50 + thread, 70, 300, thread, weights,
                        bytes -> MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]), pool.borrow());
                // AMX by the other thread's kernel, and by this one's between vectors
                Product few = new Product(own, kernel, stage, 2, 70, 300, thread, weights,
                        bytes -> MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]), product.block.scratch);
                runs.add(threads.submit(() -> {
                    for (int i = 0; i < SHARED_RUNS; i++) {
                        product.check(kernel, "shared");
                        few.check(kernel, "shared, few rows");
                    }
                }));
            }
            try {
                for (Future<?> run : runs) {
                    run.get();
                }
            } finally {
                done.set(true);
            }
            assertTrue(garbage.get() > 0);
        }
    }

    /** Makes garbage that lives for a while, so that collectors move what else is on the heap. */
    private static int collect(AtomicBoolean done) {
        int count = 0;
        byte[][] living = new byte[256][];
        while (!done.get()) {
            living[count % living.length] = new byte[1 + count % 40_000];
            count++;
        }
        return count + living.length;
    }

    @Test
    void runsAllocateNothing() {
        OutputStage stage = Product.stage(random, DataType.U8);
        GemmKernel kernel = kernel(stage);
        Product product = new Product(random, kernel, stage, 20, 40, 67, 0, Product.weights(random, 40, 67),
                bytes -> MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]), pool.borrow());
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long fewest = Long.MAX_VALUE;
        // what is not compiled yet allocates: compilers of a busy machine need their time
        long deadline = System.nanoTime() + COMPILED_NANOS;
        while (fewest > 0 && System.nanoTime() < deadline) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1000; i++) {
                kernel.run(product.block);
            }
            fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, fewest, "bytes allocated by 1000 runs");
    }
}

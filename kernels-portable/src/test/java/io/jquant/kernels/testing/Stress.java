// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.kernels.testing.OperatorLine.Prepared;
import io.jquant.spi.Tier;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A program that has operators run by everybody at once, on operands of every kind, and compares each answer: threads,
 * virtual threads and tasks of a fork-join pool share them, while others make garbage, interrupt, and close what is in
 * use.
 */
public final class Stress {
    /** What comes before the number of answers in the last line. */
    public static final String DONE = "answers without a difference: ";

    private static final int SIZE = 97;
    private static final int THREADS = 3;
    private static final int AT_ONCE = 16;

    private final String engine;
    private final long seed;
    private final long end;
    private final List<OperatorLine> lines = OperatorTable.all(SIZE);
    private final List<MemorySegment> expected;
    private final List<Way> ways = new ArrayList<>();
    private final LongAdder answers = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder garbage = new LongAdder();

    /** Every operator, on an engine in one of its ways to run. */
    private record Way(String name, List<Prepared> prepared) {
    }

    private Stress(String engine, long seconds, long seed) {
        this.engine = engine;
        this.seed = seed;
        expected = lines.stream().map(line -> line.expected(engine)).toList();
        end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }

    /** Arguments: the engine, seconds, and a seed. */
    public static void main(String[] arguments) throws Exception {
        Stress stress = new Stress(arguments[0], Long.parseLong(arguments[1]), Long.parseLong(arguments[2]));
        try (ForkJoinPool pool = new ForkJoinPool(THREADS);
                ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            stress.prepare(EngineOptions.defaults().withEngine(arguments[0]).withThreads(THREADS), pool, virtual);
            stress.run(pool, virtual);
        }
        System.out.println(stress.refused + " refused as closed, " + stress.garbage + " MB of garbage");
        System.out.println(DONE + stress.answers);
        System.exit(0);
    }

    private void prepare(EngineOptions options, ExecutorService pool, ExecutorService virtual) {
        for (EngineOptions way : ways(options)) {
            for (EngineOptions shared : way.tier() == Tier.SCALAR ? List.of(way)
                    : List.of(way, way.withExecutor(pool), way.withExecutor(virtual))) {
                // operators outlive their engine, but its threads do not
                Engine open = Engine.open(shared);
                ways.add(new Way(shared.toString(), lines.stream().map(line -> line.open().apply(open)).toList()));
            }
        }
    }

    private static List<EngineOptions> ways(EngineOptions options) {
        try (Engine any = Engine.open(options)) {
            return any.selection().considered().stream().filter(way -> way.isEligible())
                    .map(way -> options.withTier(way.candidate().tier()).withIsaCap(way.candidate().isa())).toList();
        }
    }

    private void run(ForkJoinPool pool, ExecutorService virtual) throws Exception {
        List<Callable<Void>> roles = new ArrayList<>();
        roles.add(repeated(random -> check(random, Thread.currentThread().isInterrupted())));
        roles.add(repeated(random -> check(random, true)));
        roles.add(repeated(random -> pool.submit(() -> split(random.nextLong(), AT_ONCE)).get()));
        roles.add(repeated(random -> manyVirtual(random, virtual)));
        roles.add(repeated(this::closeWhatIsUsed));
        roles.add(repeated(this::closeOperands));
        roles.add(this::collect);
        try (ExecutorService threads = Executors.newFixedThreadPool(roles.size())) {
            var finished = new ExecutorCompletionService<Void>(threads);
            roles.forEach(finished::submit);
            for (int i = 0; i < roles.size(); i++) {
                try {
                    finished.take().get();
                } catch (Exception e) {
                    // the others may wait for ever
                    e.printStackTrace();
                    System.exit(1);
                }
            }
        }
    }

    /** Something done until the time is over. */
    @FunctionalInterface
    private interface Deed {
        void run(Random random) throws Exception;
    }

    private Callable<Void> repeated(Deed deed) {
        Random random = new Random(seed);
        return () -> {
            for (long step = 0; System.nanoTime() < end; step++) {
                deed.run(random);
            }
            return null;
        };
    }

    /** Any operator in any of its ways on operands anywhere. */
    private void check(Random random, boolean interrupted) {
        Way way = ways.get(random.nextInt(ways.size()));
        int which = random.nextInt(lines.size());
        OperatorLine line = lines.get(which);
        List<MemorySegment> inputs = line.inputs().stream().map(input -> anywhere(random).copy(input)).toList();
        MemorySegment output = anywhere(random).allocate(line.outputBytes());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        line.check(way.prepared().get(which), inputs, output, expected.get(which), way.name());
        if (interrupted) {
            assertTrue(Thread.interrupted(), () -> way.name() + ": " + line.name() + " takes an interrupt away");
        }
        answers.increment();
    }

    private static Place anywhere(Random random) {
        Place[] places = Place.values();
        // mapping a file takes far longer than what is tested
        return random.nextInt(40) == 0 ? Place.MAPPED_FILE : places[random.nextInt(places.length - 1)];
    }

    private void split(long from, int count) {
        if (count == 1) {
            check(new Random(from), false);
        } else {
            int half = count / 2;
            ForkJoinTask.invokeAll(ForkJoinTask.adapt(() -> split(from, half)),
                    ForkJoinTask.adapt(() -> split(from + half, count - half)));
        }
    }

    private void manyVirtual(Random random, ExecutorService virtual) throws Exception {
        List<Future<?>> runs = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            long next = random.nextLong();
            runs.add(virtual.submit(() -> check(new Random(next), false)));
        }
        for (Future<?> each : runs) {
            each.get();
        }
    }

    /** Closes engine, operator and executor while others run the operator. */
    private void closeWhatIsUsed(Random random) throws Exception {
        int which = random.nextInt(lines.size());
        OperatorLine line = lines.get(which);
        EngineOptions options = EngineOptions.defaults().withEngine(engine).withThreads(THREADS);
        try (ExecutorService callers = Executors.newFixedThreadPool(2)) {
            ExecutorService helpers = random.nextBoolean() ? Executors.newFixedThreadPool(1) : null;
            Engine open = Engine.open(options.withExecutor(helpers));
            Prepared prepared = line.open().apply(open);
            List<Future<?>> runs = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                runs.add(callers.submit(() -> untilRefused(line, prepared, line.inputs(), expected.get(which),
                        List.of("is closed"))));
            }
            Thread.sleep(random.nextInt(20));
            if (helpers != null) {
                helpers.shutdownNow();
            }
            open.close();
            prepared.close();
            for (Future<?> each : runs) {
                each.get();
            }
        }
    }

    private void untilRefused(OperatorLine line, Prepared prepared, List<MemorySegment> inputs,
            MemorySegment answer, List<String> refusals) {
        MemorySegment output = line.output();
        while (true) {
            try {
                line.check(prepared, inputs, output, answer, "being closed");
                answers.increment();
            } catch (IllegalStateException e) {
                assertTrue(refusals.stream().anyMatch(e.getMessage()::contains), e::toString);
                refused.increment();
                return;
            }
        }
    }

    /** Frees operands while they are read, which is refused until nobody does, and then their use is. */
    @SuppressWarnings("MustBeClosedChecker") // to be closed while it is in use is what it is for
    private void closeOperands(Random random) throws Exception {
        Way way = ways.get(random.nextInt(ways.size()));
        int which = random.nextInt(lines.size());
        OperatorLine line = lines.get(which);
        Arena arena = Arena.ofShared();
        List<MemorySegment> inputs = line.inputs().stream()
                .map(input -> arena.allocate(input.byteSize()).copyFrom(input)).toList();
        try (ExecutorService caller = Executors.newSingleThreadExecutor()) {
            Future<?> run = caller.submit(() -> untilRefused(line, way.prepared().get(which), inputs,
                    expected.get(which), List.of("memory that has been freed", "Already closed")));
            Thread.sleep(random.nextInt(20));
            while (arena.scope().isAlive()) {
                try {
                    arena.close();
                } catch (IllegalStateException e) {
                    assertTrue(e.getMessage().contains("acquired"), e::toString);
                }
            }
            run.get();
        }
    }

    /** Makes garbage that lives for a while, so that collectors move what else is on the heap. */
    private Void collect() {
        byte[][] living = new byte[1024][];
        long bytes = 0;
        for (int count = 0; System.nanoTime() < end; count++) {
            living[count % living.length] = new byte[1 + count % 40_000];
            bytes += living[count % living.length].length;
        }
        garbage.add(bytes >> 20);
        return null;
    }
}

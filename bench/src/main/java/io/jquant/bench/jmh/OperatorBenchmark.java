// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.jmh;

import io.jquant.Engine;
import io.jquant.bench.measure.Subject;
import io.jquant.bench.work.Operation;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One call of an operator. {@code ./jquant bench --jmh} gives {@link #work} the lines of the table, {@code -p work=}
 * any other; engine, tier, instruction set and threads are the properties {@code jquant.*}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class OperatorBenchmark {
    /** Operator and shape, with a blank between, as in the table. */
    @Param("linear 256x256x256")
    public String work;

    private Engine engine;
    private Subject subject;

    /** Made by JMH. */
    public OperatorBenchmark() {
    }

    /** Packs the operator. */
    @Setup(Level.Trial)
    public void prepare() {
        engine = Engine.open();
        int blank = work.indexOf(' ');
        subject = Operation.valueOf(work.substring(0, blank).toUpperCase(Locale.ROOT)).work(work.substring(blank + 1))
                .on(engine);
    }

    /** Runs it. */
    @Benchmark
    public void run() {
        subject.run();
    }

    /** Frees it. */
    @TearDown(Level.Trial)
    public void release() {
        subject.close();
        engine.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.model;

import io.jquant.DataType;
import io.jquant.bench.measure.Interleaver;
import io.jquant.bench.measure.Pace;
import io.jquant.bench.measure.Statistics;
import io.jquant.bench.measure.Subject;
import io.jquant.bench.measure.Timing;
import io.jquant.bench.peer.ModelPeer;
import io.jquant.bench.peer.ModelPeer.Loaded;
import io.jquant.graph.Dim;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.lowering.StepTime;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Measures a whole model: jquant and peers take turns, call by call. */
public final class ModelBench {
    /** A call each, so that rounds are latencies. */
    private static final Pace PACE = new Pace(1, 200, 20, 10_000_000_000L, 4_000_000_000L);
    private static final Path STATUS = Path.of("/proc/self/status");

    private static final int PROFILED = 100;

    private final List<Runner> runners = new ArrayList<>();
    private final PrintWriter out;
    private final boolean profile;

    /** Who runs which file, by what name. */
    private record Runner(String name, ModelPeer peer, Path file) {
    }

    /**
     * A model to be measured.
     *
     * @param files the model
     * @param peers who runs it besides jquant
     * @param profile whether the time of every step of jquant's is wanted too
     * @param out where figures are printed
     */
    public ModelBench(ModelFiles files, List<ModelPeer> peers, boolean profile, PrintWriter out) {
        this.out = out;
        this.profile = profile;
        runners.add(new Runner("jquant", new JquantModel(), files.model()));
        peers.forEach(peer -> runners.add(new Runner(peer.name(), peer, files.model())));
        if (files.real() != null) {
            peers.forEach(peer -> runners.add(new Runner(peer.name() + " f32", peer, files.real())));
        }
    }

    /**
     * Measures every number of threads with every batch, and prints as it goes.
     *
     * @param threads numbers of threads of one call
     * @param batches numbers of samples of one call
     * @throws IOException if the model cannot be loaded
     */
    public void run(List<Integer> threads, List<Integer> batches) throws IOException {
        for (int number : threads) {
            Map<Runner, Loaded> loaded = new LinkedHashMap<>();
            try {
                List<ValueInfo> inputs = load(number, loaded, batches.getFirst());
                for (int batch : batches) {
                    measure(loaded, tensors(inputs, batch), number, batch);
                }
            } finally {
                loaded.values().forEach(Loaded::close);
            }
        }
    }

    private List<ValueInfo> load(int threads, Map<Runner, Loaded> loaded, int batch) throws IOException {
        List<ValueInfo> inputs = List.of();
        for (Runner runner : runners) {
            long resident = residentBytes();
            long start = System.nanoTime();
            Loaded model = runner.peer().load(runner.file(), threads);
            double load = (System.nanoTime() - start) / 1e6;
            loaded.put(runner, model);
            if (model instanceof JquantModel.Model own) {
                inputs = own.inputs();
            }
            Map<String, Tensor> sample = tensors(inputs, batch);
            start = System.nanoTime();
            model.on(sample).close();
            double first = (System.nanoTime() - start) / 1e6;
            out.printf(Locale.ROOT, "%-18s threads %d: loaded in %.0f ms, first answer after %.0f ms more; heap %.1f"
                    + " MiB, memory in use grew by %.1f MiB (file: %.1f MiB)%n", runner.name(), threads, load, first,
                    heapBytes() / 1048576.0, (residentBytes() - resident) / 1048576.0,
                    Files.size(runner.file()) / 1048576.0);
            if (model instanceof JquantModel.Model own) {
                out.printf(Locale.ROOT, "%-18s packed weights: %.2f MiB%n", runner.name(),
                        own.packedBytes(runner.file()) / 1048576.0);
            }
            out.flush();
        }
        return inputs;
    }

    private void measure(Map<Runner, Loaded> loaded, Map<String, Tensor> inputs, int threads, int batch) {
        List<Subject> subjects = loaded.values().stream().map(model -> model.on(inputs)).toList();
        List<Timing> timings = new Interleaver(PACE).measure(subjects);
        int i = 0;
        for (Runner runner : loaded.keySet()) {
            Timing timing = timings.get(i++);
            out.printf(Locale.ROOT, "%-18s threads %d batch %d: p50 %.3f ms, p90 %.3f, p99 %.3f; %.1f samples a second"
                    + "; time by jquant's %.2f%s%n", runner.name(), threads, batch, timing.median() / 1e6,
                    timing.high() / 1e6, Statistics.quantile(timing.rounds(), 0.99) / 1e6,
                    batch * 1e9 / timing.median(), Statistics.pairedRatio(timing.rounds(), timings.getFirst().rounds()),
                    timing.steady() ? "" : " (warm-up did not come to rest)");
        }
        out.flush();
        subjects.forEach(Subject::close);
        if (profile && loaded.get(runners.getFirst()) instanceof JquantModel.Model own) {
            profile(own, inputs);
        }
    }

    private void profile(JquantModel.Model model, Map<String, Tensor> inputs) {
        List<List<StepTime>> runs = IntStream.range(0, PROFILED).mapToObj(i -> model.runner().profile(inputs)).toList();
        List<StepTime> steps = runs.getFirst();
        for (int i = 0; i < steps.size(); i++) {
            int step = i;
            double median = Statistics.median(runs.stream().map(run -> (double) run.get(step).nanoseconds()).toList());
            out.printf(Locale.ROOT, "%10.2f us  %s%n", median / 1e3, steps.get(i).step());
        }
        out.flush();
    }

    /** Random samples; axes of unknown size are the batch. */
    private static Map<String, Tensor> tensors(List<ValueInfo> inputs, int batch) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        SplittableRandom random = new SplittableRandom(1);
        for (ValueInfo input : inputs) {
            long[] shape = input.shape().dims().stream().mapToLong(dim -> size(dim, batch)).toArray();
            if (batch > 1 && shape.length > 0 && input.shape().dim(0).isKnown() && shape[0] == 1) {
                throw new IllegalArgumentException("--batch = " + batch + ": the model's input " + input.name()
                        + " has a batch of 1");
            }
            Tensor tensor = Tensor.allocate(input.type(), shape);
            for (int i = 0; i < tensor.count(); i++) {
                if (input.type().isFloating()) {
                    tensor.setDouble(i, random.nextDouble(-1, 1));
                } else {
                    tensor.setLong(i, input.type() == DataType.BOOL ? 1 : random.nextInt(2));
                }
            }
            tensors.put(input.name(), tensor);
        }
        return tensors;
    }

    private static long size(Dim dim, int batch) {
        return dim.isKnown() ? dim.value() : batch;
    }

    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** What the process has in memory, on and off the heap; 0 where the system does not say. */
    private static long residentBytes() throws IOException {
        if (!Files.isReadable(STATUS)) {
            return 0;
        }
        return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElse(0);
    }
}

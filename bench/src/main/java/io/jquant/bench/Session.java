// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench;

import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.bench.measure.Deviation;
import io.jquant.bench.measure.Interleaver;
import io.jquant.bench.measure.Pace;
import io.jquant.bench.measure.Statistics;
import io.jquant.bench.measure.Subject;
import io.jquant.bench.measure.Timing;
import io.jquant.bench.peak.Peak;
import io.jquant.bench.peak.Peaks;
import io.jquant.bench.peer.Peer;
import io.jquant.bench.report.Row;
import io.jquant.bench.report.Row.Limit;
import io.jquant.bench.report.Row.Nanoseconds;
import io.jquant.bench.report.Row.PeerFigure;
import io.jquant.bench.work.BenchCase;
import io.jquant.bench.work.Workload;
import io.jquant.bench.work.Workload.Arithmetic;
import io.jquant.bench.work.Workload.Copying;
import io.jquant.bench.work.Workload.Reading;
import io.jquant.cpu.Isa;
import io.jquant.spi.Tier;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Measures cases: every lane of jquant, every peer and the hardware's limit take turns. */
final class Session {
    private final List<Lane> lanes;
    private final List<Peer> peers;
    private final Isa cap;
    private final int threads;
    private final Interleaver interleaver;
    private final Peaks peaks;
    private final BiConsumer<String, String> skipped;
    private final Map<String, List<Double>> speeds = new TreeMap<>();

    Session(List<Lane> lanes, List<Peer> peers, Isa cap, int threads, Pace pace,
            BiConsumer<String, String> skipped) {
        this.lanes = lanes;
        this.peers = peers;
        this.cap = cap;
        this.threads = threads;
        this.skipped = skipped;
        interleaver = new Interleaver(pace);
        peaks = new Peaks(lanes.getFirst().engine().selection().cpu(), threads);
    }

    /** Whoever takes turns in one case; exactly one of lane, peer and peak is there. */
    private record Entry(Lane lane, Peer peer, Peak peak, Subject subject) {
    }

    /** The median speeds of the rulers, in 10^9 a second. */
    Map<String, Double> peaks() {
        Map<String, Double> medians = new LinkedHashMap<>();
        speeds.forEach((name, values) -> medians.put(name, round(Statistics.median(values))));
        return medians;
    }

    /** Measures every instruction that this CPU multiplies with, whether a case needs it or not. */
    void measurePeaks() {
        List<Peak> rulers = new ArrayList<>();
        for (Peaks.Arithmetic arithmetic : peaks.arithmetics()) {
            peaks.of(arithmetic).ifPresentOrElse(rulers::add, () -> skipped.accept("peak " + arithmetic.spelling(),
                    "this CPU has no " + arithmetic.isa().spelling() + ", or machine code is refused"));
        }
        rulers.addAll(peaks.ofVectorApi());
        List<Timing> timings = interleaver.measure(rulers.stream().map(Peak::subject).toList());
        for (int i = 0; i < rulers.size(); i++) {
            note(rulers.get(i), timings.get(i));
            rulers.get(i).close();
        }
    }

    /** Measures one case: a row for every lane that can run it. */
    List<Row> measure(BenchCase benchCase) {
        Workload work = benchCase.work();
        List<Entry> entries = new ArrayList<>();
        try {
            addLanes(entries, benchCase, work);
            if (entries.isEmpty()) {
                return List.of();
            }
            addPeers(entries, benchCase, work);
            addPeaks(entries, work);
            List<Timing> timings = interleaver.measure(entries.stream().map(Entry::subject).toList());
            return rows(benchCase, work, entries, timings);
        } finally {
            entries.forEach(entry -> entry.subject().close());
        }
    }

    private void addLanes(List<Entry> entries, BenchCase benchCase, Workload work) {
        for (Lane lane : lanes) {
            try {
                entries.add(new Entry(lane, null, null, work.on(lane.engine())));
            } catch (UnsupportedOperationException e) {
                skipped.accept(benchCase + " on " + lane, String.valueOf(e.getMessage()));
            }
        }
    }

    private void addPeers(List<Entry> entries, BenchCase benchCase, Workload work) {
        for (Peer peer : peers) {
            try {
                peer.prepare(work, threads).ifPresent(
                        subject -> entries.add(new Entry(null, peer, null, subject)));
            } catch (RuntimeException | LinkageError e) {
                // a library that cannot be loaded is not to cost the others their figures
                skipped.accept(benchCase + " on " + peer.name(), String.valueOf(e.getMessage()).lines().findFirst()
                        .orElse(e.toString()));
            }
        }
    }

    private void addPeaks(List<Entry> entries, Workload work) {
        List<Peak> rulers = new ArrayList<>();
        switch (work.bound()) {
            case Reading reading -> rulers.add(peaks.reading(reading.bytes()));
            case Copying copying -> rulers.add(peaks.copying(copying.bytes()));
            case Arithmetic arithmetic -> lanes.stream().map(this::bounding).flatMap(Optional::stream).distinct()
                    .map(peaks::of).flatMap(Optional::stream).forEach(rulers::add);
        }
        rulers.forEach(peak -> entries.add(new Entry(null, null, peak, peak.subject())));
    }

    private Optional<Peaks.Arithmetic> bounding(Lane lane) {
        return peaks.bounding(lane.choice().candidate().tier(), lane.choice().candidate().isa());
    }

    private List<Row> rows(BenchCase benchCase, Workload work, List<Entry> entries, List<Timing> timings) {
        Map<String, MemorySegment> references = new HashMap<>();
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).peak() != null) {
                note(entries.get(i).peak(), timings.get(i));
            }
        }
        for (int i = 0; i < entries.size(); i++) {
            Lane lane = entries.get(i).lane();
            if (lane == null) {
                continue;
            }
            Timing timing = timings.get(i);
            MemorySegment reference = references.computeIfAbsent(lane.engine().name(), name -> reference(name, work));
            Map<String, PeerFigure> figures = new LinkedHashMap<>();
            for (int j = 0; j < entries.size(); j++) {
                if (entries.get(j).peer() != null) {
                    figures.put(entries.get(j).peer().name(), figure(work, reference, timing, entries.get(j),
                            timings.get(j)));
                }
            }
            rows.add(new Row(benchCase.operation().spelling(), benchCase.shape(), work.types(), lane.engine().name(),
                    lane.choice().candidate().tier().spelling(), lane.choice().candidate().isa().spelling(), threads,
                    new Nanoseconds(timing.median(), timing.low(), timing.high()), work.operations(), work.traffic(),
                    limit(work, lane, timing, entries, timings),
                    Deviation.of(work.outputType(), reference, entries.get(i).subject().output()), timing.steady(),
                    figures));
        }
        return rows;
    }

    private PeerFigure figure(Workload work, MemorySegment reference, Timing jquant, Entry entry, Timing timing) {
        MemorySegment output = entry.subject().output();
        return new PeerFigure(work.operations() / timing.median(),
                Statistics.pairedRatio(timing.rounds(), jquant.rounds()),
                output == null ? null : Deviation.of(work.outputType(), reference, output),
                cap == null || entry.peer().canBeLimited());
    }

    private Limit limit(Workload work, Lane lane, Timing timing, List<Entry> entries, List<Timing> timings) {
        double bytes = switch (work.bound()) {
            case Reading reading -> reading.bytes();
            case Copying copying -> copying.bytes();
            case Arithmetic arithmetic -> 0;
        };
        String wanted = bounding(lane).map(Peaks.Arithmetic::spelling).orElse("");
        for (int i = 0; i < entries.size(); i++) {
            Peak peak = entries.get(i).peak();
            if (peak != null && (bytes > 0 || peak.name().equals(wanted))) {
                double work1 = bytes > 0 ? bytes : work.operations();
                double percent = 100 * work1 / peak.amount()
                        * Statistics.pairedRatio(timings.get(i).rounds(), timing.rounds());
                return new Limit(peak.name(), bytes, percent);
            }
        }
        return new Limit("", bytes, Double.NaN);
    }

    private void note(Peak peak, Timing timing) {
        speeds.computeIfAbsent(peak.name(), name -> new ArrayList<>()).add(peak.amount() / timing.median());
    }

    private static MemorySegment reference(String engineName, Workload work) {
        try (Engine engine = Engine.open(EngineOptions.defaults().withEngine(engineName).withTier(Tier.SCALAR));
                Subject subject = work.on(engine)) {
            subject.run();
            return subject.output();
        }
    }

    private static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench;

import io.jquant.AtomicFile;
import io.jquant.EngineOptions;
import io.jquant.bench.measure.Pace;
import io.jquant.bench.peer.Peer;
import io.jquant.bench.report.Machine;
import io.jquant.bench.report.Results;
import io.jquant.bench.report.ResultsJson;
import io.jquant.bench.report.Row;
import io.jquant.bench.report.TextReport;
import io.jquant.bench.work.BenchCase;
import io.jquant.bench.work.CaseTable;
import io.jquant.cli.Json;
import io.jquant.cli.UsageException;
import io.jquant.cpu.CpuInfo;
import io.jquant.cpu.Isa;
import io.jquant.spi.Tier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures operators beside the hardware's limit and other libraries. */
@Command(name = "bench", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Measure operators, beside the hardware's limit and other libraries in the same rounds.")
final class BenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--quick", description = "A part of the table, in less than two minutes.")
    private boolean quick;

    @Option(names = "--filter", paramLabel = "REGEX", defaultValue = "",
            description = "Only operators and shapes in which REGEX is found, or sets that it matches (speed, resnet50, "
                    + "mobilenetv2, bert, llm, kws, recommendation, recurrent, elementwise).")
    private Pattern filter;

    @Option(names = "--list", description = "Print the table of shapes, and measure nothing.")
    private boolean list;

    @Option(names = "--peers", description = "Measure other libraries too; they are downloaded the first time.")
    private boolean withPeers;

    @Option(names = "--engine", split = ",", paramLabel = "ENGINE", description = "Engines, with commas between.")
    private List<String> engines = new ArrayList<>();

    @Option(names = "--tier", split = ",", paramLabel = "TIER", description = "Tiers, with commas between; all for all.")
    private List<String> tiers = new ArrayList<>();

    @Option(names = "--isa", split = ",", paramLabel = "ISA", description = "Caps on instruction sets, with commas between.")
    private List<String> isas = new ArrayList<>();

    @Option(names = "--threads", paramLabel = "N", description = "Threads of one call (default: jquant.threads, or 1).")
    private Integer threads;

    @Option(names = "--json", paramLabel = "OUT", description = "Write the figures as an object for machines.")
    private Path json;

    @Override
    public Integer call() throws IOException {
        List<BenchCase> cases = CaseTable.select(quick, filter);
        if (cases.isEmpty()) {
            throw new UsageException("--filter = " + filter + ": the table has no such shape; --list prints it");
        }
        if (list) {
            cases.forEach(each -> spec.commandLine().getOut().println(String.join(",", each.sets()) + "\t" + each));
            return 0;
        }
        Results results = measure(cases);
        if (json != null) {
            AtomicFile.write(json, out -> out.write(
                    (Json.of(ResultsJson.of(results)) + "\n").getBytes(StandardCharsets.UTF_8)));
        }
        return 0;
    }

    private Results measure(List<BenchCase> cases) {
        EngineOptions properties = properties();
        int number = threads != null ? threads : System.getProperty("jquant.threads") != null ? properties.threads() : 1;
        TextReport text = new TextReport(spec.commandLine().getOut());
        Machine machine = Machine.current();
        text.head(machine, number);
        List<Peer> peers = withPeers ? ServiceLoader.load(Peer.class).stream().map(ServiceLoader.Provider::get).toList()
                : List.of();
        Results all = null;
        for (Isa cap : caps(properties)) {
            List<Lane> lanes = Lane.open(engines.isEmpty() ? single(properties.engine()) : engines, tiers(properties), cap,
                    number, text::skipped);
            if (lanes.isEmpty()) {
                continue;
            }
            Results some = measure(new Session(lanes, peers, cap, number, quick ? Pace.QUICK : Pace.FULL,
                    text::skipped), cases, machine, text);
            lanes.forEach(Lane::close);
            all = all == null ? some : all.plus(some);
        }
        if (all == null) {
            throw new UsageException("nothing that was asked for can run here");
        }
        text.foot(all);
        return all;
    }

    private static Results measure(Session session, List<BenchCase> cases, Machine machine, TextReport text) {
        session.measurePeaks();
        text.columns();
        List<Row> rows = new ArrayList<>();
        for (BenchCase each : cases) {
            List<Row> some = session.measure(each);
            some.forEach(text::row);
            rows.addAll(some);
        }
        return new Results(machine, session.peaks(), rows);
    }

    private static EngineOptions properties() {
        try {
            return EngineOptions.fromProperties();
        } catch (IllegalArgumentException e) {
            throw new UsageException(e);
        }
    }

    private List<Tier> tiers(EngineOptions properties) {
        if (tiers.isEmpty()) {
            return single(properties.tier());
        }
        try {
            return tiers.contains("all") ? List.of(Tier.values()) : tiers.stream().map(Tier::parse).toList();
        } catch (IllegalArgumentException e) {
            throw new UsageException(e);
        }
    }

    private List<Isa> caps(EngineOptions properties) {
        try {
            List<Isa> caps = isas.isEmpty() ? single(properties.isaCap()) : isas.stream().map(Isa::parse).toList();
            for (Isa cap : caps) {
                if (cap != null && !CpuInfo.current().supports(cap) && caps.size() == 1) {
                    throw new UsageException("--isa = " + cap.spelling() + ": this CPU cannot: "
                            + CpuInfo.current().whyNot(cap));
                }
            }
            return caps;
        } catch (IllegalArgumentException e) {
            throw new UsageException(e);
        }
    }

    /** A list of one element, which may be null. */
    private static <T> List<T> single(T value) {
        List<T> list = new ArrayList<>();
        list.add(value);
        return list;
    }
}

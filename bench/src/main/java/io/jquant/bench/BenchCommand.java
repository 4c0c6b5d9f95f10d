// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench;

import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.bench.jmh.JmhRun;
import io.jquant.bench.measure.Pace;
import io.jquant.bench.model.ModelBench;
import io.jquant.bench.model.ModelFiles;
import io.jquant.bench.peer.ModelPeer;
import io.jquant.bench.peer.Peer;
import io.jquant.bench.report.Comparison;
import io.jquant.bench.report.JsonReader;
import io.jquant.bench.report.Machine;
import io.jquant.bench.report.Results;
import io.jquant.bench.report.ResultsJson;
import io.jquant.bench.report.Row;
import io.jquant.bench.report.TextReport;
import io.jquant.bench.work.BenchCase;
import io.jquant.bench.work.CaseTable;
import io.jquant.cli.UsageException;
import io.jquant.cpu.CpuInfo;
import io.jquant.cpu.Isa;
import io.jquant.spi.Tier;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern PLAIN = Pattern.compile("[\\w./,:=-]+");
    private static final Set<String> WRITTEN = Set.of("--json", "--report", "--charts", "--table", "--compare");
    /** What says which rows of the table are measured, each by a property for a model. */
    private static final List<String> ROWS = List.of("engine", "tier", "isa");

    @Spec
    private CommandSpec spec;

    @Option(names = "--quick", description = "A part of the table, in less than two minutes.")
    private boolean quick;

    @Option(names = "--filter", paramLabel = "REGEX", defaultValue = "",
            description = "Only operators and shapes in which REGEX is found, or sets that it matches (speed, "
                    + "resnet50, mobilenetv2, bert, llm, kws, recommendation, search, recurrent, elementwise).")
    private Pattern filter;

    @Option(names = "--list", description = "Print the table of shapes, and measure nothing.")
    private boolean list;

    @Option(names = "--peers", description = "Measure other libraries too; they are downloaded the first time.")
    private boolean withPeers;

    @Option(names = "--peer", split = ",", paramLabel = "PEER",
            description = "Only these libraries, with commas between.")
    private List<String> onlyPeers = new ArrayList<>();

    @Option(names = "--engine", split = ",", paramLabel = "ENGINE", description = "Engines, with commas between.")
    private List<String> engines = new ArrayList<>();

    @Option(names = "--tier", split = ",", paramLabel = "TIER",
            description = "Tiers, with commas between; all for all.")
    private List<String> tiers = new ArrayList<>();

    @Option(names = "--isa", split = ",", paramLabel = "ISA",
            description = "Caps on instruction sets, with commas between.")
    private List<String> isas = new ArrayList<>();

    @Option(names = "--threads", split = ",", paramLabel = "N",
            description = "Threads of one call, with commas between (default: jquant.threads, or 1).")
    private List<Integer> threads = new ArrayList<>();

    @Option(names = "--json", paramLabel = "OUT",
            description = "When all is measured, write the figures as an object for machines.")
    private Path json;

    @Option(names = "--report", paramLabel = "OUT.html", description = "Write a page with charts and a table.")
    private Path report;

    @Option(names = "--charts", paramLabel = "FOLDER", description = "Write bar charts as PNG files.")
    private Path charts;

    @Option(names = "--table", paramLabel = "OUT.md", description = "Write the speeds as tables of Markdown; in a "
            + "document that has the lines <!-- bench --> and <!-- /bench -->, between them.")
    private Path table;

    @Option(names = "--compare", paramLabel = "OLD.json",
            description = "Say what has become slower, beyond the noise, than in a file that --json wrote.")
    private Path compare;

    @Option(names = "--allocations", description = "Check that a call allocates nothing in steady state.")
    private boolean allocations;

    @Option(names = "--instructions",
            description = "Count the instructions of a call, where Linux's performance counters can.")
    private boolean instructions;

    @Option(names = "--start-up", description = "Time a JVM from its start to its first answer.")
    private boolean startUp;

    @Option(names = "--jmh", arity = "0..1", fallbackValue = "", paramLabel = "\"ARGUMENTS\"",
            description = "Run the table's lines under JMH, with arguments of its own such as \"-prof gc\".")
    private String jmh;

    @Option(names = "--model", paramLabel = "X.onnx", description = "Measure a whole model instead of the table: a "
            + "file, or one of shaped:resnet50, shaped:mobilenetv2, shaped:bert, made with random weights.")
    private String model;

    @Option(names = "--profile", description = "With --model: print how long each of its steps takes.")
    private boolean profile;

    @Option(names = "--batch", split = ",", paramLabel = "N", description = "Samples of one call, with commas between.")
    private List<Integer> batches = List.of(1);

    @Option(names = "--results", hidden = true,
            description = "Where a process that was started for it leaves its rows.")
    private Path handOver;

    @Override
    public Integer call() throws IOException {
        outputs().check();
        List<BenchCase> cases = CaseTable.select(quick, filter);
        if (cases.isEmpty()) {
            throw new UsageException("--filter = " + filter + ": the table has no such shape; --list prints it");
        }
        if (list) {
            cases.forEach(each -> spec.commandLine().getOut().println(String.join(",", each.sets()) + "\t" + each));
            return 0;
        }
        if (startUp) {
            StartUp.measure(spec.commandLine().getOut());
            return 0;
        }
        if (jmh != null) {
            JmhRun.run(cases, BLANKS.splitAsStream(jmh.strip()).filter(each -> !each.isEmpty()).toList());
            return 0;
        }
        if (model != null) {
            measureModel();
            return 0;
        }
        if (allocations || instructions) {
            return count(cases) ? 0 : 1;
        }
        Results before = compare == null ? null : older(compare);
        Results results = measure(cases);
        outputs().write(results, command());
        if (before != null) {
            Comparison.of(before, results).print(spec.commandLine().getOut());
        }
        return 0;
    }

    private OutputFiles outputs() {
        return new OutputFiles(json, report, charts, table, handOver);
    }

    private void measureModel() throws IOException {
        for (String name : ROWS) {
            if (isGiven("--" + name)) {
                throw new UsageException("--" + name + " is for the table; with --model give -Djquant." + name);
            }
        }
        for (String name : WRITTEN) {
            if (isGiven(name)) {
                throw new UsageException(name + " is for the table: --model only prints what it measures");
            }
        }
        try (ModelFiles files = ModelFiles.of(model, defaultEngine())) {
            new ModelBench(files, peers().load(ModelPeer.class, ModelPeer::name), profile,
                    spec.commandLine().getOut()).run(threads(), batches);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e);
        }
    }

    private boolean isGiven(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    private String defaultEngine() {
        try (Engine engine = Engine.open(properties())) {
            return engine.name();
        }
    }

    private static Results older(Path file) throws IOException {
        try {
            return ResultsJson.read(JsonReader.read(Files.readString(file)));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--compare = " + file + ": is no file that --json wrote: " + e.getMessage());
        }
    }

    /** The command that measures the same, without what it writes. */
    private String command() {
        List<String> words = new ArrayList<>(List.of("./jquant"));
        boolean isValue = false;
        for (String argument : spec.root().commandLine().getParseResult().originalArgs()) {
            boolean names = WRITTEN.contains(argument);
            if (!names && !isValue && WRITTEN.stream().noneMatch(option -> argument.startsWith(option + "="))) {
                words.add(PLAIN.matcher(argument).matches() ? argument : "'" + argument + "'");
            }
            isValue = names;
        }
        return String.join(" ", words);
    }

    private List<Integer> threads() {
        return !threads.isEmpty() ? threads
                : List.of(System.getProperty("jquant.threads") == null ? 1 : properties().threads());
    }

    /** Counts what was asked for; whether it is as it must be. */
    private boolean count(List<BenchCase> cases) {
        EngineOptions properties = properties();
        PrintWriter out = spec.commandLine().getOut();
        List<Lane> lanes = Lane.open(engines.isEmpty() ? single(properties.engine()) : engines, tiers(properties),
                caps(properties).getFirst(), threads().getFirst(), new TextReport(out)::skipped);
        try {
            CallCosts costs = new CallCosts(out, lanes, cases);
            if (instructions) {
                costs.instructions();
            }
            return !allocations || costs.allocations();
        } catch (UnsupportedOperationException e) {
            throw new UsageException("--instructions: " + e.getMessage());
        } finally {
            lanes.forEach(Lane::close);
        }
    }

    private Results measure(List<BenchCase> cases) throws IOException {
        EngineOptions properties = properties();
        List<Integer> numbers = threads();
        TextReport text = new TextReport(spec.commandLine().getOut());
        Machine machine = Machine.current();
        if (handOver == null) {
            text.head(machine, numbers);
        }
        List<Peer> peers = peers().load(Peer.class, Peer::name);
        Results all = null;
        for (int number : numbers) {
            for (Isa cap : caps(properties)) {
                Results some = measure(cases, peers, cap, number, machine, text);
                all = all == null ? some : all.plus(some);
            }
        }
        if (all.rows().isEmpty()) {
            throw new UsageException("nothing that was asked for can run here");
        }
        if (handOver == null) {
            text.foot(all);
        }
        return all;
    }

    private Results measure(List<BenchCase> cases, List<Peer> peers, Isa cap, int number, Machine machine,
            TextReport text) throws IOException {
        Map<String, String> environment = new TreeMap<>();
        peers.forEach(peer -> environment.putAll(peer.environment(cap, number)));
        if (handOver == null && Relaunch.isNeeded(environment)) {
            return Relaunch.run(arguments(cap, number), environment);
        }
        EngineOptions properties = properties();
        List<Lane> lanes = Lane.open(engines.isEmpty() ? single(properties.engine()) : engines, tiers(properties), cap,
                number, text::skipped);
        try {
            return lanes.isEmpty() ? new Results(machine, Map.of(), List.of()) : measure(new Session(lanes, peers, cap,
                    number, quick ? Pace.QUICK : Pace.FULL, text::skipped), cases, machine, text);
        } finally {
            lanes.forEach(Lane::close);
        }
    }

    /** What a process is told that measures for one cap and number of threads. */
    private List<String> arguments(Isa cap, int number) {
        List<String> arguments = new ArrayList<>(List.of("--filter", filter.pattern(), "--threads",
                Integer.toString(number)));
        if (quick) {
            arguments.add("--quick");
        }
        if (withPeers) {
            arguments.add("--peers");
        }
        if (cap != null) {
            arguments.addAll(List.of("--isa", cap.spelling()));
        }
        Map.of("--peer", onlyPeers, "--engine", engines, "--tier", tiers).forEach((name, values) -> {
            if (!values.isEmpty()) {
                arguments.addAll(List.of(name, String.join(",", values)));
            }
        });
        return arguments;
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

    private PeerChoice peers() {
        return new PeerChoice(withPeers, onlyPeers);
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

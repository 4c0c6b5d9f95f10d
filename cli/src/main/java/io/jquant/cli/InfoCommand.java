// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.EngineSelection;
import io.jquant.EngineSelection.Considered;
import io.jquant.cpu.CpuFeature;
import io.jquant.cpu.CpuInfo;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What this CPU is, which engines there are, and which one runs and why. */
@Command(name = "info", mixinStandardHelpOptions = true,
        description = "Show the CPU, every engine with its verdict, and the choice.")
final class InfoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print an object for machines.")
    private boolean json;

    @Override
    public Integer call() {
        EngineSelection selection = Engines.select();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(asMap(selection)));
        } else {
            print(out, selection);
        }
        out.flush();
        return 0;
    }

    private static void print(PrintWriter out, EngineSelection selection) {
        CpuInfo cpu = selection.cpu();
        out.println(Version.text() + " on Java " + Runtime.version() + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch"));
        out.println("cpu       " + cpu.model().name() + " (" + cpu.model().vendor() + ", family " + cpu.model().family()
                + ", model " + cpu.model().model() + "), " + cpu.logicalCores() + " threads");
        out.println("caches    L1d " + size(cpu.caches().l1d()) + ", L2 " + size(cpu.caches().l2()) + ", L3 "
                + size(cpu.caches().l3()));
        out.println("features  " + names(cpu));
        cpu.disabled().forEach((feature, reason) -> out.println("disabled  " + feature.spelling() + ": " + reason));
        out.println("known by  " + cpu.source());
        out.println();
        out.printf("  %-10s %-12s %-13s %-9s %s%n", "engine", "tier", "isa", "priority", "verdict");
        for (Considered one : selection.considered()) {
            boolean chosen = one.equals(selection.chosen());
            out.printf("%s %-10s %-12s %-13s %-9d %s%n", chosen ? "*" : " ", one.engine(),
                    one.candidate().tier().spelling(), one.candidate().isa().spelling(), one.priority(),
                    verdict(one, chosen));
        }
        selection.failures().forEach(failure -> out.println("! " + failure));
        out.println();
        out.println("chosen    engine " + selection.chosen().engine() + ", tier "
                + selection.chosen().candidate().tier().spelling() + ", isa "
                + selection.chosen().candidate().isa().spelling() + ", threads " + selection.options().threads());
    }

    private static String size(long bytes) {
        return bytes == 0 ? "unknown" : bytes < 1 << 20 ? bytes / 1024 + " KiB" : bytes / (1 << 20) + " MiB";
    }

    private static String verdict(Considered one, boolean chosen) {
        if (chosen) {
            return "chosen";
        }
        return one.isEligible() ? "could run" : one.reason();
    }

    private static String names(CpuInfo cpu) {
        return cpu.features().stream().sorted().map(CpuFeature::spelling).collect(Collectors.joining(" "));
    }

    private static Map<String, Object> asMap(EngineSelection selection) {
        CpuInfo cpu = selection.cpu();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("version", Version.text());
        map.put("java", Runtime.version().toString());
        map.put("os", System.getProperty("os.name"));
        map.put("architecture", cpu.architecture().spelling());
        map.put("cpu", cpu.model().name());
        map.put("cores", cpu.logicalCores());
        map.put("features", cpu.features().stream().sorted().map(CpuFeature::spelling).toList());
        Map<String, Object> disabled = new LinkedHashMap<>();
        cpu.disabled().forEach((feature, reason) -> disabled.put(feature.spelling(), reason));
        map.put("disabled", disabled);
        map.put("source", cpu.source());
        List<Object> engines = new ArrayList<>();
        for (Considered one : selection.considered()) {
            engines.add(asMap(one, one.equals(selection.chosen())));
        }
        map.put("engines", engines);
        map.put("failures", selection.failures());
        map.put("engine", selection.chosen().engine());
        map.put("tier", selection.chosen().candidate().tier().spelling());
        map.put("isa", selection.chosen().candidate().isa().spelling());
        map.put("threads", selection.options().threads());
        return map;
    }

    private static Map<String, Object> asMap(Considered one, boolean chosen) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("engine", one.engine());
        map.put("tier", one.candidate().tier().spelling());
        map.put("isa", one.candidate().isa().spelling());
        map.put("priority", one.priority());
        map.put("usable", one.isEligible());
        map.put("chosen", chosen);
        map.put("reason", one.reason());
        return map;
    }
}

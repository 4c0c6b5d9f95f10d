// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.cpu.CpuInfo;
import io.jquant.cpu.Isa;
import io.jquant.spi.Candidate;
import io.jquant.spi.EngineProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * Which engine, tier and instruction set run, and why no other: what {@code jquant info} prints.
 *
 * @param cpu the CPU
 * @param options what was wanted
 * @param considered every way in which any provider could run, in the order of preference
 * @param chosen the one that was chosen, one of those considered
 * @param failures providers that could not be loaded at all, one line each
 */
public record EngineSelection(CpuInfo cpu, EngineOptions options, List<Considered> considered, Considered chosen,
        List<String> failures) {
    private static final System.Logger LOGGER = System.getLogger(EngineSelection.class.getName());

    /**
     * One way in which an engine could run.
     *
     * @param provider the engine's provider
     * @param engine the engine's name
     * @param priority the engine's priority on this CPU
     * @param candidate the tier and instruction set
     * @param excluded why the options rule it out; empty if they do not
     */
    public record Considered(EngineProvider provider, String engine, int priority, Candidate candidate,
            String excluded) {
        /** {@return whether this can run here and is allowed to} */
        public boolean isEligible() {
            return candidate.isUsable() && excluded.isEmpty();
        }

        /** {@return why this cannot run or may not; empty if it can} */
        public String reason() {
            return candidate.isUsable() ? excluded : candidate.reason();
        }

        @Override
        public String toString() {
            return engine + "/" + candidate.tier().spelling() + "/" + candidate.isa().spelling();
        }
    }

    /** Copies the lists. */
    public EngineSelection {
        considered = List.copyOf(considered);
        failures = List.copyOf(failures);
    }

    /**
     * Asks every provider that {@link ServiceLoader} finds through the calling thread's class loader.
     *
     * @param cpu the CPU
     * @param options what is wanted
     * @return the choice
     * @throws IllegalArgumentException if what is wanted cannot be had; the message says why, and what can
     */
    public static EngineSelection select(CpuInfo cpu, EngineOptions options) {
        List<String> failures = new ArrayList<>();
        List<EngineProvider> providers = load(failures);
        requireKnown(providers, options, failures);
        providers.sort(preference(cpu));
        requireCap(cpu, options);
        List<Considered> considered = new ArrayList<>();
        for (EngineProvider provider : providers) {
            for (Candidate candidate : provider.candidates(cpu)) {
                considered.add(new Considered(provider, provider.name(), provider.priority(cpu), candidate,
                        excluded(provider, candidate, options)));
            }
        }
        Considered chosen = considered.stream().filter(Considered::isEligible).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(describe(options) + ": no engine can do that here: "
                        + reasons(considered, failures)));
        EngineSelection selection = new EngineSelection(cpu, options, considered, chosen, failures);
        selection.logFallback();
        return selection;
    }

    private static List<EngineProvider> load(List<String> failures) {
        List<EngineProvider> providers = new ArrayList<>();
        var iterator = ServiceLoader.load(EngineProvider.class).iterator();
        while (true) {
            try {
                if (!iterator.hasNext()) {
                    break;
                }
                providers.add(iterator.next());
            } catch (ServiceConfigurationError e) {
                failures.add(e.getMessage());
            }
        }
        return providers;
    }

    private static void requireKnown(List<EngineProvider> providers, EngineOptions options, List<String> failures) {
        if (providers.isEmpty()) {
            throw new IllegalArgumentException("no engine on the class path or module path: add a jquant-kernels jar"
                    + (failures.isEmpty() ? "" : " (" + String.join("; ", failures) + ")"));
        }
        if (options.engine() != null && providers.stream().noneMatch(p -> p.name().equals(options.engine()))) {
            String names = providers.stream().map(EngineProvider::name).sorted().collect(Collectors.joining(", "));
            throw new IllegalArgumentException(
                    "jquant.engine = " + options.engine() + ": must be auto or one of " + names);
        }
    }

    private static void requireCap(CpuInfo cpu, EngineOptions options) {
        if (options.isaCap() != null && !cpu.supports(options.isaCap())) {
            throw new IllegalArgumentException("jquant.isa = " + options.isaCap().spelling()
                    + ": this CPU cannot: " + cpu.whyNot(options.isaCap()));
        }
    }

    private static String excluded(EngineProvider provider, Candidate candidate, EngineOptions options) {
        if (options.engine() != null && !options.engine().equals(provider.name())) {
            return "jquant.engine is " + options.engine();
        }
        if (options.tier() != null && options.tier() != candidate.tier()) {
            return "jquant.tier is " + options.tier().spelling();
        }
        Isa cap = options.isaCap();
        return cap == null || candidate.isa().admittedBy(cap) ? "" : "jquant.isa is " + cap.spelling();
    }

    private static String describe(EngineOptions options) {
        return "jquant.engine = " + (options.engine() == null ? "auto" : options.engine())
                + ", jquant.tier = " + (options.tier() == null ? "auto" : options.tier().spelling())
                + ", jquant.isa = " + (options.isaCap() == null ? "auto" : options.isaCap().spelling());
    }

    private static String reasons(List<Considered> considered, List<String> failures) {
        List<String> reasons = new ArrayList<>(failures);
        considered.forEach(one -> reasons.add(one + ": " + one.reason()));
        return String.join("; ", reasons);
    }

    private void logFallback() {
        for (Considered better : considered) {
            if (better.equals(chosen)) {
                return;
            }
            if (better.engine().equals(chosen.engine()) && better.excluded().isEmpty()
                    && better.candidate().verdict() instanceof Candidate.Unavailable unavailable) {
                Notices.once(LOGGER, "jquant runs " + chosen + " and not " + better + ": " + unavailable.reason());
                return;
            }
        }
    }

    private static Comparator<EngineProvider> preference(CpuInfo cpu) {
        return Comparator.comparingInt((EngineProvider provider) -> provider.priority(cpu)).reversed()
                .thenComparing(EngineProvider::name);
    }
}

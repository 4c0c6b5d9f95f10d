// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.cpu.CpuInfo;
import io.jquant.cpu.Isa;
import io.jquant.spi.Candidate;
import io.jquant.spi.EngineProvider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Which engine, tier and instruction set run, and why no other: what {@code jquant info} prints.
 *
 * @param cpu the CPU
 * @param options what was wanted
 * @param considered every way in which any provider could run, in the order of preference
 * @param chosen the one that was chosen, one of those considered
 * @param failures providers that could not be loaded or asked, one line each
 */
public record EngineSelection(CpuInfo cpu, EngineOptions options, List<Considered> considered, Considered chosen,
        List<String> failures) {
    private static final int MOST_FAILURES = 100;

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

    /** What a provider answers about itself on a CPU. */
    private record Offer(EngineProvider provider, String name, int priority, List<Candidate> candidates)
            implements Comparable<Offer> {
        /** The best first. */
        @Override
        public int compareTo(Offer other) {
            int byPriority = Integer.compare(other.priority, priority);
            return byPriority != 0 ? byPriority : name.compareTo(other.name);
        }
    }

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if an argument is null
     */
    public EngineSelection {
        Require.notNull("cpu", cpu);
        Require.notNull("options", options);
        Require.notNull("chosen", chosen);
        considered = List.copyOf(Require.notNull("considered", considered));
        failures = List.copyOf(Require.notNull("failures", failures));
    }

    /**
     * Asks every provider that {@link ServiceLoader} finds through the calling thread's context class loader or, if
     * that sees none, through the one of this class. A provider that cannot be loaded or answers with an exception is
     * left out, and logged once.
     *
     * @param cpu the CPU
     * @param options what is wanted
     * @return the choice
     * @throws IllegalArgumentException if what is wanted cannot be had; the message says why, and what can
     */
    public static EngineSelection select(CpuInfo cpu, EngineOptions options) {
        List<String> failures = new ArrayList<>();
        List<EngineProvider> providers = load(ServiceLoader.load(EngineProvider.class).iterator(), failures);
        if (providers.isEmpty()) {
            // a plug-in host's thread may have a context loader that does not see the engines beside this class
            providers = load(ServiceLoader.load(EngineProvider.class, EngineSelection.class.getClassLoader())
                    .iterator(), failures);
        }
        return select(cpu, options, providers, failures, EngineSelection::logger);
    }

    static EngineSelection select(CpuInfo cpu, EngineOptions options, List<EngineProvider> providers,
            List<String> failures, Supplier<System.Logger> logger) {
        Require.notNull("cpu", cpu);
        Require.notNull("options", options);
        List<Offer> offers = ask(cpu, providers, failures);
        for (String failure : failures) {
            Notices.once(logger, "an engine cannot be used: " + failure);
        }
        requireKnown(offers, options, failures);
        requireCap(cpu, options);
        List<Considered> considered = new ArrayList<>();
        for (Offer offer : offers) {
            for (Candidate candidate : offer.candidates()) {
                considered.add(new Considered(offer.provider(), offer.name(), offer.priority(), candidate,
                        excluded(offer.name(), candidate, options)));
            }
        }
        Considered chosen = firstEligible(considered);
        if (chosen == null) {
            throw new IllegalArgumentException(describe(options) + ": no engine can do that here: "
                    + reasons(considered, failures));
        }
        EngineSelection selection = new EngineSelection(cpu, options, considered, chosen, failures);
        selection.logFallback(logger);
        return selection;
    }

    private static Considered firstEligible(List<Considered> considered) {
        for (Considered one : considered) {
            if (one.isEligible()) {
                return one;
            }
        }
        return null;
    }

    static List<EngineProvider> load(Iterator<EngineProvider> iterator, List<String> failures) {
        List<EngineProvider> providers = new ArrayList<>();
        // a class loader that fails to list its resources does so at every call
        while (failures.size() < MOST_FAILURES) {
            try {
                if (!iterator.hasNext()) {
                    break;
                }
                providers.add(iterator.next());
            } catch (ServiceConfigurationError e) {
                failures.add(e.getMessage() + (e.getCause() == null ? "" : ": " + e.getCause()));
            } catch (LinkageError e) {
                // a class that a provider's own class needs, such as the Vector API's, is missing
                failures.add(e.toString());
            }
        }
        return providers;
    }

    private static List<Offer> ask(CpuInfo cpu, List<EngineProvider> providers, List<String> failures) {
        List<Offer> offers = new ArrayList<>();
        Map<String, String> names = new HashMap<>();
        for (EngineProvider provider : providers) {
            String type = provider.getClass().getName();
            try {
                String name = provider.name();
                Require.that(name != null && !name.isBlank() && !name.equals("auto"), "name", name,
                        "an engine's name");
                String other = names.putIfAbsent(name, type);
                Require.that(other == null, "name", name, "no other provider's; it is that of " + other);
                offers.add(new Offer(provider, name, provider.priority(cpu), List.copyOf(provider.candidates(cpu))));
            } catch (RuntimeException | LinkageError e) {
                failures.add(type + ": " + e);
            }
        }
        Collections.sort(offers);
        return offers;
    }

    private static void requireKnown(List<Offer> offers, EngineOptions options, List<String> failures) {
        String broken = failures.isEmpty() ? "" : "; these cannot be used: " + String.join("; ", failures);
        if (offers.isEmpty()) {
            throw new IllegalArgumentException(
                    "no engine on the class path or module path: add a jquant-kernels jar" + broken);
        }
        if (options.engine() != null && offers.stream().noneMatch(offer -> offer.name().equals(options.engine()))) {
            String names = offers.stream().map(Offer::name).sorted().collect(Collectors.joining(", "));
            throw new IllegalArgumentException(
                    "jquant.engine = " + options.engine() + ": must be auto or one of " + names + broken);
        }
    }

    private static void requireCap(CpuInfo cpu, EngineOptions options) {
        if (options.isaCap() != null && !cpu.supports(options.isaCap())) {
            throw new IllegalArgumentException("jquant.isa = " + options.isaCap().spelling()
                    + ": this CPU cannot: " + cpu.whyNot(options.isaCap()));
        }
    }

    private static String excluded(String name, Candidate candidate, EngineOptions options) {
        if (options.engine() != null && !options.engine().equals(name)) {
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

    /** One line for all that is better than what was chosen: each reason, and so each flag, once. */
    private void logFallback(Supplier<System.Logger> logger) {
        Map<String, Considered> reasons = new LinkedHashMap<>();
        for (Considered better : considered) {
            // the chosen one
            if (better.isEligible()) {
                break;
            }
            if (better.excluded().isEmpty()
                    && better.candidate().verdict() instanceof Candidate.Unavailable unavailable) {
                reasons.putIfAbsent(unavailable.reason(), better);
            }
        }
        if (!reasons.isEmpty()) {
            List<String> ways = new ArrayList<>();
            reasons.forEach((reason, way) -> ways.add(way + ": " + reason));
            Notices.once(logger, "jquant runs " + chosen + " and not " + String.join("; nor ", ways));
        }
    }

    /** Made only where there is something to say: the first logger takes a JVM tens of milliseconds. */
    private static System.Logger logger() {
        return System.getLogger(EngineSelection.class.getName());
    }
}

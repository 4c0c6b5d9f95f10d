// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.cpu.Isa;
import io.jquant.spi.Tier;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which engine is wanted, and how it is to run.
 *
 * @param engine the engine's name; null or {@code auto} for the one that suits this CPU best
 * @param tier how its kernels are to be made; null for the best way that this process may use
 * @param isaCap the most that kernels may use of the CPU; null for all of it
 * @param threads how many threads may work on one call, 1 to 1024
 * @param executor who runs work beside the caller's thread; null for threads of the engine's own
 */
public record EngineOptions(String engine, Tier tier, Isa isaCap, int threads, Executor executor) {
    private static final int MOST_THREADS = 1024;
    private static final String AUTO = "auto";

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is not as said
     */
    public EngineOptions {
        Require.that(engine == null || !engine.isBlank(), "engine", engine, "auto or an engine's name");
        engine = AUTO.equals(engine) ? null : engine;
        Require.that(threads >= 1 && threads <= MOST_THREADS, "threads", threads, "1 to " + MOST_THREADS);
    }

    /** {@return the best that there is, with a thread for every core} */
    public static EngineOptions defaults() {
        int threads = Math.min(Runtime.getRuntime().availableProcessors(), MOST_THREADS);
        return new EngineOptions(null, null, null, threads, null);
    }

    /**
     * What the system properties {@code jquant.engine}, {@code jquant.tier}, {@code jquant.isa} and
     * {@code jquant.threads} say; {@code auto}, or nothing, leaves the choice to jquant. Letter case and surrounding
     * blanks do not matter.
     *
     * @return the options
     * @throws IllegalArgumentException if a property has a value that it cannot have
     */
    public static EngineOptions fromProperties() {
        String threads = property("jquant.threads");
        return new EngineOptions(property("jquant.engine"), oneOf("jquant.tier", Tier.values(), Tier::spelling),
                oneOf("jquant.isa", Isa.values(), Isa::spelling),
                threads == null ? defaults().threads() : threads(threads), null);
    }

    private static String property(String name) {
        String value = System.getProperty(name, AUTO).strip().toLowerCase(Locale.ROOT);
        return value.isEmpty() || value.equals(AUTO) ? null : value;
    }

    private static <T> T oneOf(String name, T[] values, Function<T, String> spelling) {
        String wanted = property(name);
        if (wanted == null) {
            return null;
        }
        for (T value : values) {
            if (spelling.apply(value).equals(wanted)) {
                return value;
            }
        }
        throw Require.failure(name, wanted,
                "auto or one of " + Arrays.stream(values).map(spelling).collect(Collectors.joining(", ")));
    }

    private static int threads(String value) {
        try {
            int threads = Integer.parseInt(value);
            if (threads > 0 && threads <= MOST_THREADS) {
                return threads;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "jquant.threads = " + value + ": must be auto or 1 to " + MOST_THREADS, e);
        }
        throw Require.failure("jquant.threads", value, "auto or 1 to " + MOST_THREADS);
    }

    /**
     * These options with another engine.
     *
     * @param name the engine's name; null for the one that suits this CPU best
     * @return the options
     * @throws IllegalArgumentException if a value is not as said
     */
    public EngineOptions withEngine(String name) {
        return new EngineOptions(name, tier, isaCap, threads, executor);
    }

    /**
     * These options with another tier.
     *
     * @param wanted how kernels are to be made; null for the best way that this process may use
     * @return the options
     * @throws IllegalArgumentException if a value is not as said
     */
    public EngineOptions withTier(Tier wanted) {
        return new EngineOptions(engine, wanted, isaCap, threads, executor);
    }

    /**
     * These options with another cap.
     *
     * @param cap the most that kernels may use of the CPU; null for all of it
     * @return the options
     * @throws IllegalArgumentException if a value is not as said
     */
    public EngineOptions withIsaCap(Isa cap) {
        return new EngineOptions(engine, tier, cap, threads, executor);
    }

    /**
     * These options with another number of threads.
     *
     * @param number how many threads may work on one call, 1 to 1024
     * @return the options
     * @throws IllegalArgumentException if a value is not as said
     */
    public EngineOptions withThreads(int number) {
        return new EngineOptions(engine, tier, isaCap, number, executor);
    }

    /**
     * These options with the caller's threads.
     *
     * @param runner who runs work beside the caller's thread; null for threads of the engine's own
     * @return the options
     * @throws IllegalArgumentException if a value is not as said
     */
    public EngineOptions withExecutor(Executor runner) {
        return new EngineOptions(engine, tier, isaCap, threads, runner);
    }
}

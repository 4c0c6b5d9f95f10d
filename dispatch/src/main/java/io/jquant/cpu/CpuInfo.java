// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A CPU as kernels see it.
 *
 * @param architecture the architecture
 * @param model what the CPU calls itself
 * @param features the features that may be used: the CPU has them and the operating system enables them
 * @param disabled features that the CPU has and the operating system does not enable, each with the reason
 * @param physicalCores cores, 0 where unknown; of one package where cpuid alone was asked
 * @param logicalCores hardware threads, 0 where unknown; of one package where cpuid alone was asked
 * @param caches sizes of the data caches
 * @param source who gave the answer, and who refused before
 * @param live whether this is the CPU that this process runs on, and not a recorded one: there AMX needs the operating
 *     system's {@linkplain AmxPermission permission} too
 */
public record CpuInfo(
        Architecture architecture,
        CpuModel model,
        Set<CpuFeature> features,
        Map<CpuFeature, String> disabled,
        int physicalCores,
        int logicalCores,
        CacheSizes caches,
        String source,
        boolean live) {

    /**
     * Checks the components and copies the collections.
     *
     * @throws IllegalArgumentException if a number of cores is negative, or a feature is both usable and disabled or
     *     belongs to another architecture
     */
    public CpuInfo {
        Objects.requireNonNull(architecture, "architecture");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(caches, "caches");
        Objects.requireNonNull(source, "source");
        features = copy(features);
        disabled = copy(disabled);
        checkCores("physicalCores", physicalCores);
        checkCores("logicalCores", logicalCores);
        for (CpuFeature feature : features) {
            if (feature.architecture() != architecture) {
                throw new IllegalArgumentException("features = " + features + ": must be features of "
                        + architecture.spelling());
            }
            if (disabled.containsKey(feature)) {
                throw new IllegalArgumentException("disabled = " + disabled.keySet() + ": must hold no usable feature, "
                        + feature + " is one");
            }
        }
    }

    /**
     * The CPU that this process runs on. Asked at the first call and kept; never throws: where nothing can be learned
     * the answer has no features and {@link #source()} says why.
     *
     * @return the CPU
     */
    public static CpuInfo current() {
        return Current.INFO;
    }

    /**
     * Whether kernels of an instruction set can run here.
     *
     * @param isa the instruction set
     * @return whether they can: {@link #whyNot(Isa)} is empty
     */
    public boolean supports(Isa isa) {
        return whyNot(isa).isEmpty();
    }

    /**
     * Why kernels of an instruction set cannot run here. For {@link Isa#AMX} on a {@link #live()} CPU that has it, this
     * asks the operating system for permission.
     *
     * @param isa the instruction set
     * @return the reason, one line; empty if they can run
     */
    public String whyNot(Isa isa) {
        Objects.requireNonNull(isa, "isa");
        Architecture needed = isa.architecture().orElse(architecture);
        if (needed != architecture) {
            return isa.spelling() + " is for " + needed.spelling() + ", this CPU is " + architecture.spelling();
        }
        Map<String, String> missing = new LinkedHashMap<>();
        for (CpuFeature feature : isa.requires()) {
            if (!features.contains(feature)) {
                String reason = disabled.getOrDefault(feature, "not reported by " + source);
                String before = missing.get(reason);
                missing.put(reason, before == null ? feature.spelling() : before + ", " + feature.spelling());
            }
        }
        if (missing.isEmpty()) {
            return isa == Isa.AMX && live ? AmxPermission.whyNot() : "";
        }
        StringBuilder text = new StringBuilder(isa.spelling());
        for (Map.Entry<String, String> one : missing.entrySet()) {
            text.append(text.length() == isa.spelling().length() ? " needs " : "; and ").append(one.getValue())
                    .append(": ").append(one.getKey());
        }
        return text.toString();
    }

    /**
     * A CPU of which only the architecture is known.
     *
     * @param architecture the architecture
     * @param source why nothing else is known
     * @return the CPU
     */
    static CpuInfo unknown(Architecture architecture, String source) {
        return new CpuInfo(architecture, CpuModel.UNKNOWN, Set.of(), Map.of(), 0, 0, CacheSizes.UNKNOWN, source, false);
    }

    CpuInfo withCores(int physical, int logical) {
        return new CpuInfo(architecture, model, features, disabled, physical, logical, caches, source, live);
    }

    CpuInfo withCaches(CacheSizes sizes) {
        return new CpuInfo(architecture, model, features, disabled, physicalCores, logicalCores, sizes, source, live);
    }

    CpuInfo withSource(String answeredBy) {
        return new CpuInfo(architecture, model, features, disabled, physicalCores, logicalCores, caches, answeredBy,
                live);
    }

    CpuInfo asLive() {
        return new CpuInfo(architecture, model, features, disabled, physicalCores, logicalCores, caches, source, true);
    }

    private static Set<CpuFeature> copy(Set<CpuFeature> features) {
        EnumSet<CpuFeature> copy = EnumSet.noneOf(CpuFeature.class);
        copy.addAll(Objects.requireNonNull(features, "features"));
        return Collections.unmodifiableSet(copy);
    }

    private static Map<CpuFeature, String> copy(Map<CpuFeature, String> disabled) {
        Map<CpuFeature, String> copy = new EnumMap<>(CpuFeature.class);
        copy.putAll(Objects.requireNonNull(disabled, "disabled"));
        return Collections.unmodifiableMap(copy);
    }

    private static void checkCores(String name, int cores) {
        if (cores < 0) {
            throw new IllegalArgumentException(name + " = " + cores + ": must be 0 or more");
        }
    }

    private static final class Current {
        static final CpuInfo INFO = Detection.detect();
    }
}

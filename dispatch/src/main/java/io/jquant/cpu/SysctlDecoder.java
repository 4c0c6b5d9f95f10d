// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Decodes macOS's sysctl entries, which report what the system has enabled. */
final class SysctlDecoder {
    private static final List<Entry> ENTRIES = List.of(
            new Entry(CpuFeature.SSE4_1, "hw.optional.sse4_1"),
            new Entry(CpuFeature.AVX, "hw.optional.avx1_0"),
            new Entry(CpuFeature.AVX2, "hw.optional.avx2_0"),
            new Entry(CpuFeature.FMA, "hw.optional.fma"),
            new Entry(CpuFeature.F16C, "hw.optional.f16c"),
            new Entry(CpuFeature.AVX512F, "hw.optional.avx512f"),
            new Entry(CpuFeature.AVX512BW, "hw.optional.avx512bw"),
            new Entry(CpuFeature.AVX512DQ, "hw.optional.avx512dq"),
            new Entry(CpuFeature.AVX512VL, "hw.optional.avx512vl"),
            new Entry(CpuFeature.AVX512_VBMI, "hw.optional.avx512vbmi"),
            // macOS 11 has the older spelling only
            new Entry(CpuFeature.ASIMD, "hw.optional.AdvSIMD"),
            new Entry(CpuFeature.ASIMD, "hw.optional.neon"),
            new Entry(CpuFeature.FP16, "hw.optional.arm.FEAT_FP16"),
            new Entry(CpuFeature.FP16, "hw.optional.neon_fp16"),
            new Entry(CpuFeature.ASIMDDP, "hw.optional.arm.FEAT_DotProd"),
            new Entry(CpuFeature.I8MM, "hw.optional.arm.FEAT_I8MM"),
            new Entry(CpuFeature.BF16, "hw.optional.arm.FEAT_BF16"),
            new Entry(CpuFeature.SVE, "hw.optional.arm.FEAT_SVE"));

    private SysctlDecoder() {
    }

    /**
     * Decodes the entries of an architecture.
     *
     * @param source the raw answers
     * @param architecture the architecture
     * @return the CPU
     */
    static CpuInfo decode(SysctlSource source, Architecture architecture) {
        Set<CpuFeature> features = EnumSet.noneOf(CpuFeature.class);
        for (Entry entry : ENTRIES) {
            if (entry.feature.architecture() == architecture && source.number(entry.name).orElse(0) != 0) {
                features.add(entry.feature);
            }
        }
        // no entry of its own; the processor's list, so it counts only where the registers are enabled
        List<String> leaf7 = Arrays.asList(source.text("machdep.cpu.leaf7_features").orElse("").split(" "));
        if (features.contains(CpuFeature.AVX512F) && leaf7.contains("AVX512VNNI")) {
            features.add(CpuFeature.AVX512_VNNI);
        }
        return new CpuInfo(architecture, model(source, architecture), features, Map.of(),
                (int) first(source, "hw.physicalcpu"), (int) first(source, "hw.logicalcpu"), caches(source), "sysctl",
                false);
    }

    private static CpuModel model(SysctlSource source, Architecture architecture) {
        String name = source.text("machdep.cpu.brand_string").orElse("");
        return architecture == Architecture.X86_64
                ? new CpuModel(source.text("machdep.cpu.vendor").orElse(""), name,
                        (int) first(source, "machdep.cpu.family"), (int) first(source, "machdep.cpu.model"))
                : new CpuModel("Apple", name, (int) first(source, "hw.cpufamily"), 0);
    }

    /** The fast cores' caches where there are two kinds of cores. */
    private static CacheSizes caches(SysctlSource source) {
        return new CacheSizes(
                Math.max(0, first(source, "hw.perflevel0.l1dcachesize", "hw.l1dcachesize")),
                Math.max(0, first(source, "hw.perflevel0.l2cachesize", "hw.l2cachesize")),
                Math.max(0, first(source, "hw.perflevel0.l3cachesize", "hw.l3cachesize")));
    }

    private static long first(SysctlSource source, String... names) {
        for (String name : names) {
            OptionalLong value = source.number(name);
            if (value.isPresent()) {
                return value.getAsLong();
            }
        }
        return 0;
    }

    private record Entry(CpuFeature feature, String name) {
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Decodes Windows' IsProcessorFeaturePresent, the PF constants of {@code winnt.h}. */
final class ProcessorFeatureDecoder {
    private static final List<Flag> FLAGS = List.of(
            new Flag(CpuFeature.SSE4_1, 37),
            new Flag(CpuFeature.AVX, 39),
            new Flag(CpuFeature.AVX2, 40),
            new Flag(CpuFeature.AVX512F, 41),
            new Flag(CpuFeature.ASIMD, 19),
            new Flag(CpuFeature.ASIMDDP, 43),
            new Flag(CpuFeature.SVE, 46),
            new Flag(CpuFeature.I8MM, 66),
            new Flag(CpuFeature.FP16, 67),
            new Flag(CpuFeature.BF16, 68));

    private ProcessorFeatureDecoder() {
    }

    /**
     * Decodes the features that Windows has numbers for. For x86 those are few (none for FMA, none for dot products),
     * so without cpuid only scalar kernels are certain to run there.
     *
     * @param source the raw answers
     * @param architecture the architecture
     * @param identifier the environment variable {@code PROCESSOR_IDENTIFIER}, such as {@code ARMv8 (64-bit) Family 8
     *     Model D4B Revision   0, Qualcomm Technologies Inc}
     * @return the CPU
     */
    static CpuInfo decode(ProcessorFeatureSource source, Architecture architecture, String identifier) {
        Set<CpuFeature> features = EnumSet.noneOf(CpuFeature.class);
        for (Flag flag : FLAGS) {
            if (flag.feature.architecture() == architecture && source.present(flag.number)) {
                features.add(flag.feature);
            }
        }
        int comma = identifier.indexOf(',');
        String vendor = comma < 0 ? "" : identifier.substring(comma + 1).strip();
        String name = comma < 0 ? identifier.strip() : identifier.substring(0, comma).strip();
        return new CpuInfo(architecture, new CpuModel(vendor, name, 0, 0), features, Map.of(), 0, 0,
                CacheSizes.UNKNOWN, "IsProcessorFeaturePresent", false);
    }

    private record Flag(CpuFeature feature, int number) {
    }
}

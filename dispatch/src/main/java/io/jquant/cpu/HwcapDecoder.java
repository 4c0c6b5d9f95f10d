// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Decodes Linux's hardware capabilities on 64-bit Arm: the kernel's {@code asm/hwcap.h}. */
final class HwcapDecoder {
    private static final List<Bit> BITS = List.of(
            new Bit(CpuFeature.ASIMD, HwcapSource.AT_HWCAP, 1),
            new Bit(CpuFeature.FP16, HwcapSource.AT_HWCAP, 10),
            new Bit(CpuFeature.ASIMDDP, HwcapSource.AT_HWCAP, 20),
            new Bit(CpuFeature.SVE, HwcapSource.AT_HWCAP, 22),
            new Bit(CpuFeature.I8MM, HwcapSource.AT_HWCAP2, 13),
            new Bit(CpuFeature.BF16, HwcapSource.AT_HWCAP2, 14));

    private HwcapDecoder() {
    }

    /**
     * Decodes the two words of capabilities. The kernel reports only what it enables, and of unlike cores only what all
     * of them have.
     *
     * @param source the raw answers
     * @param model what {@code /proc/cpuinfo} calls the CPU
     * @return the CPU
     */
    static CpuInfo decode(HwcapSource source, CpuModel model) {
        Set<CpuFeature> features = EnumSet.noneOf(CpuFeature.class);
        for (Bit bit : BITS) {
            if ((source.getauxval(bit.word) >>> bit.bit & 1) != 0) {
                features.add(bit.feature);
            }
        }
        return new CpuInfo(Architecture.AARCH64, model, features, Map.of(), 0, 0, CacheSizes.UNKNOWN, "getauxval",
                false);
    }

    private record Bit(CpuFeature feature, int word, int bit) {
    }
}

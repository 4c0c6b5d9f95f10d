// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;

/**
 * Decodes Linux's {@code /proc/cpuinfo}, which names the features that the kernel has enabled, of the first core
 * listed. A kernel older than a feature does not name it.
 */
final class CpuinfoDecoder {
    private static final Map<Integer, String> IMPLEMENTERS = Map.ofEntries(
            Map.entry(0x41, "Arm"),
            Map.entry(0x42, "Broadcom"),
            Map.entry(0x43, "Cavium"),
            Map.entry(0x46, "Fujitsu"),
            Map.entry(0x48, "HiSilicon"),
            Map.entry(0x4E, "NVIDIA"),
            Map.entry(0x50, "Applied Micro"),
            Map.entry(0x51, "Qualcomm"),
            Map.entry(0x53, "Samsung"),
            Map.entry(0x56, "Marvell"),
            Map.entry(0x61, "Apple"),
            Map.entry(0x6D, "Microsoft"),
            Map.entry(0xC0, "Ampere"));

    private static final int ARM = 0x41;
    private static final Map<Integer, String> ARM_PARTS = Map.ofEntries(
            Map.entry(0xD03, "Cortex-A53"),
            Map.entry(0xD05, "Cortex-A55"),
            Map.entry(0xD07, "Cortex-A57"),
            Map.entry(0xD08, "Cortex-A72"),
            Map.entry(0xD0B, "Cortex-A76"),
            Map.entry(0xD0C, "Neoverse N1"),
            Map.entry(0xD40, "Neoverse V1"),
            Map.entry(0xD49, "Neoverse N2"),
            Map.entry(0xD4F, "Neoverse V2"),
            Map.entry(0xD84, "Neoverse V3"),
            Map.entry(0xD8E, "Neoverse N3"));

    private CpuinfoDecoder() {
    }

    /**
     * Decodes the file.
     *
     * @param text its text
     * @param architecture the architecture
     * @return the CPU
     */
    static CpuInfo decode(String text, Architecture architecture) {
        Map<String, String> fields = firstProcessor(text);
        Set<String> names = new HashSet<>();
        var words = new StringTokenizer(fields.getOrDefault(architecture == Architecture.X86_64 ? "flags" : "Features",
                ""));
        while (words.hasMoreTokens()) {
            names.add(words.nextToken());
        }
        Set<CpuFeature> features = EnumSet.noneOf(CpuFeature.class);
        for (CpuFeature feature : CpuFeature.values()) {
            if (feature.architecture() == architecture && names.contains(feature.spelling())) {
                features.add(feature);
            }
        }
        return new CpuInfo(architecture, model(fields), features, Map.of(), 0, 0, CacheSizes.UNKNOWN,
                "/proc/cpuinfo", false);
    }

    /**
     * What the file calls the CPU.
     *
     * @param text the file's text
     * @return vendor, name, family and model, as far as they are there
     */
    static CpuModel model(String text) {
        return model(firstProcessor(text));
    }

    private static CpuModel model(Map<String, String> fields) {
        if (!fields.containsKey("CPU implementer")) {
            return new CpuModel(fields.getOrDefault("vendor_id", ""), fields.getOrDefault("model name", ""),
                    number(fields, "cpu family"), number(fields, "model"));
        }
        int implementer = number(fields, "CPU implementer");
        int part = number(fields, "CPU part");
        // some kernels write "ARMv8 Processor rev 1 (v8l)" for every core, so a known part number says more
        String name = implementer == ARM && ARM_PARTS.containsKey(part)
                ? ARM_PARTS.get(part)
                : fields.getOrDefault("model name", String.format(Locale.ROOT, "part 0x%03x", part));
        String vendor = IMPLEMENTERS.getOrDefault(implementer,
                String.format(Locale.ROOT, "implementer 0x%02x", implementer));
        return new CpuModel(vendor, name, implementer, part);
    }

    private static int number(Map<String, String> fields, String name) {
        try {
            return Integer.decode(fields.getOrDefault(name, "0"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** The fields up to the first that comes again: the next processor's. */
    private static Map<String, String> firstProcessor(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        int end;
        for (int begin = 0; begin < text.length(); begin = end + 1) {
            int newline = text.indexOf('\n', begin);
            end = newline < 0 ? text.length() : newline;
            int colon = text.indexOf(':', begin, end);
            if (colon > begin && fields.putIfAbsent(text.substring(begin, colon).strip(),
                    text.substring(colon + 1, end).strip()) != null) {
                break;
            }
        }
        return fields;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A machine's raw answers, from a file of lines: {@code cpuid LEAF SUBLEAF EAX EBX ECX EDX}, {@code xcr0 VALUE},
 * {@code auxv TYPE VALUE}, {@code sysctl NAME: VALUE}, {@code pf NUMBER ..}, {@code cpuinfo LINE}, and what must be
 * made of them: {@code expect.KEY VALUE}. Words of cpuid, xcr0 and auxv are hexadecimal, save auxv's type.
 */
final class Recording implements CpuidSource, HwcapSource, SysctlSource, ProcessorFeatureSource {
    static final List<String> MACHINES = List.of("alder-lake", "apple-m1", "apple-m2", "cortex-a72", "haswell",
            "haswell-noxsave", "ice-lake-sp", "macbook-ice-lake", "nehalem", "neoverse-n1", "neoverse-v1",
            "sierra-forest", "skylake-sp", "skylake-sp-no-zmm", "windows-haswell", "windows-snapdragon-8cx",
            "windows-snapdragon-x", "xeon-amx", "xeon-amx-no-tiles", "zen4");

    private final Map<Long, Registers> leaves = new HashMap<>();
    private final Map<Integer, Long> auxv = new HashMap<>();
    private final Map<String, String> sysctl = new HashMap<>();
    private final Map<String, String> single = new HashMap<>();
    private final StringBuilder cpuinfo = new StringBuilder();

    private Recording(String text) {
        text.lines().filter(line -> !line.startsWith("#")).forEach(this::accept);
    }

    static Recording of(String machine) {
        try (InputStream in = Recording.class.getResourceAsStream(machine + ".txt")) {
            assertNotNull(in, machine);
            return new Recording(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(String line) {
        int blank = line.indexOf(' ');
        String key = blank < 0 ? line : line.substring(0, blank);
        String value = blank < 0 ? "" : line.substring(blank + 1);
        String[] words = value.split(" ", -1);
        switch (key) {
            case "cpuid" -> leaves.put(key(hex(words[0]), hex(words[1])),
                    new Registers(hex(words[2]), hex(words[3]), hex(words[4]), hex(words[5])));
            case "auxv" -> auxv.put(Integer.valueOf(words[0]), Long.parseUnsignedLong(words[1], 16));
            case "sysctl" -> sysctl.put(value.substring(0, value.indexOf(": ")),
                    value.substring(value.indexOf(": ") + 2));
            case "cpuinfo" -> cpuinfo.append(value).append('\n');
            default -> single.put(key, value);
        }
    }

    /** {@return what the machine's own source makes of its answers} */
    CpuInfo decode() {
        Architecture architecture = architecture();
        if (!leaves.isEmpty()) {
            return CpuidDecoder.decode(this);
        }
        if (!auxv.isEmpty()) {
            return HwcapDecoder.decode(this, CpuinfoDecoder.model(cpuinfo()));
        }
        return sysctl.isEmpty()
                ? ProcessorFeatureDecoder.decode(this, architecture, single.get("identifier"))
                : SysctlDecoder.decode(this, architecture);
    }

    String cpuinfo() {
        return cpuinfo.toString();
    }

    Architecture architecture() {
        return parse(expect("architecture"), Architecture.values(), Architecture::spelling);
    }

    Set<CpuFeature> features(String key) {
        Set<CpuFeature> features = EnumSet.noneOf(CpuFeature.class);
        for (String name : words(key)) {
            features.add(parse(name, CpuFeature.values(), CpuFeature::spelling));
        }
        return features;
    }

    Set<Isa> isas() {
        return words("isas").stream().map(Isa::parse).collect(Collectors.toCollection(() -> EnumSet.noneOf(Isa.class)));
    }

    String expect(String key) {
        String value = single.get("expect." + key);
        assertNotNull(value, key);
        return value;
    }

    private List<String> words(String key) {
        String value = expect(key);
        return value.isEmpty() ? List.of() : List.of(value.split(" "));
    }

    @Override
    public Registers cpuid(int leaf, int subleaf) {
        return leaves.getOrDefault(key(leaf, subleaf), new Registers(0, 0, 0, 0));
    }

    @Override
    public long xcr0() {
        return Optional.ofNullable(single.get("xcr0")).map(text -> Long.parseUnsignedLong(text, 16))
                .orElseThrow(() -> new AssertionError("xgetbv is an illegal instruction on this machine"));
    }

    @Override
    public long getauxval(int type) {
        return auxv.getOrDefault(type, 0L);
    }

    @Override
    public OptionalLong number(String name) {
        String value = sysctl.get(name);
        return value == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value));
    }

    @Override
    public Optional<String> text(String name) {
        return Optional.ofNullable(sysctl.get(name));
    }

    @Override
    public boolean present(int number) {
        return Arrays.asList(single.get("pf").split(" ")).contains(Integer.toString(number));
    }

    private static <T> T parse(String name, T[] values, Function<T, String> spelling) {
        return Arrays.stream(values).filter(value -> spelling.apply(value).equals(name)).findFirst()
                .orElseThrow(() -> new AssertionError("unknown in a recording: " + name));
    }

    private static int hex(String text) {
        return Integer.parseUnsignedInt(text, 16);
    }

    private static long key(int leaf, int subleaf) {
        return Integer.toUnsignedLong(leaf) << 32 | subleaf;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The instruction sets that kernels are written for, each architecture's in ascending order of preference.
 *
 * <p>As the value of {@code -Djquant.isa} an instruction set is a cap, as ONEDNN_MAX_CPU_ISA is: kernels of it and of
 * everything it {@linkplain #admittedBy(Isa) admits} may run.
 */
public enum Isa {
    /** Plain Java: on every architecture, under every cap. */
    SCALAR("scalar", null),
    /** 256-bit registers with fused multiply-add: AVX2 and FMA. */
    AVX2("avx2", Architecture.X86_64),
    /** 256-bit dot products of bytes, VEX-encoded, as CPUs without AVX-512 have them. */
    AVX_VNNI("avx_vnni", Architecture.X86_64),
    /** 512-bit registers without dot products: AVX-512 F, BW, DQ and VL. */
    AVX512("avx512", Architecture.X86_64),
    /** 512-bit dot products of bytes. */
    AVX512_VNNI("avx512_vnni", Architecture.X86_64),
    /** Tiles of bytes: AMX-INT8, beside AVX-512 VNNI. */
    AMX("amx", Architecture.X86_64),
    /** Arm's 128-bit Advanced SIMD. */
    NEON("neon", Architecture.AARCH64),
    /** Dot products of bytes: SDOT and UDOT. */
    NEON_DOTPROD("neon_dotprod", Architecture.AARCH64),
    /** Products of 2x8 by 8x2 matrices of bytes: SMMLA, UMMLA, USMMLA. */
    NEON_I8MM("neon_i8mm", Architecture.AARCH64);

    private final String spelling;
    private final Architecture architecture;

    Isa(String spelling, Architecture architecture) {
        this.spelling = spelling;
        this.architecture = architecture;
    }

    /** {@return the spelling in properties and reports, such as {@code avx512_vnni}} */
    public String spelling() {
        return spelling;
    }

    /** {@return the architecture this belongs to; empty for {@link #SCALAR}, which belongs to all} */
    public Optional<Architecture> architecture() {
        return Optional.ofNullable(architecture);
    }

    /**
     * The CPU features that a kernel of this instruction set may use without asking again.
     *
     * @return the features, unmodifiable, empty for {@link #SCALAR}
     */
    public Set<CpuFeature> requires() {
        EnumSet<CpuFeature> features = EnumSet.noneOf(CpuFeature.class);
        switch (this) {
            case SCALAR -> { }
            case AVX2 -> Collections.addAll(features, CpuFeature.AVX2, CpuFeature.FMA);
            case AVX_VNNI -> {
                features.addAll(AVX2.requires());
                features.add(CpuFeature.AVX_VNNI);
            }
            case AVX512 -> {
                features.addAll(AVX2.requires());
                Collections.addAll(features, CpuFeature.AVX512F, CpuFeature.AVX512BW, CpuFeature.AVX512DQ,
                        CpuFeature.AVX512VL);
            }
            case AVX512_VNNI -> {
                features.addAll(AVX512.requires());
                features.add(CpuFeature.AVX512_VNNI);
            }
            case AMX -> {
                features.addAll(AVX512_VNNI.requires());
                Collections.addAll(features, CpuFeature.AMX_TILE, CpuFeature.AMX_INT8);
            }
            case NEON -> features.add(CpuFeature.ASIMD);
            case NEON_DOTPROD -> Collections.addAll(features, CpuFeature.ASIMD, CpuFeature.ASIMDDP);
            case NEON_I8MM -> Collections.addAll(features, CpuFeature.ASIMD, CpuFeature.ASIMDDP, CpuFeature.I8MM);
        }
        return Collections.unmodifiableSet(features);
    }

    /**
     * Whether kernels of this instruction set may run under a cap.
     *
     * <p>A cap admits itself, {@link #SCALAR}, and what precedes it within its architecture, with one exception:
     * {@link #AVX512} does not admit {@link #AVX_VNNI}, because whoever asks for AVX-512 without VNNI asks for no
     * dot-product instruction of any encoding. {@link #AVX512_VNNI} and {@link #AMX} admit it. A cap of another
     * architecture admits only {@link #SCALAR}.
     *
     * @param cap the highest instruction set allowed
     * @return whether {@code cap} allows this one
     */
    public boolean admittedBy(Isa cap) {
        Objects.requireNonNull(cap, "cap");
        if (this == SCALAR) {
            return true;
        }
        return architecture == cap.architecture && compareTo(cap) <= 0 && !(this == AVX_VNNI && cap == AVX512);
    }

    /**
     * The instruction set that a property's value names. Letter case and surrounding blanks do not matter.
     *
     * @param text the spelling
     * @return the instruction set
     * @throws IllegalArgumentException if {@code text} names none; the message lists all spellings
     */
    public static Isa parse(String text) {
        String wanted = Objects.requireNonNull(text, "text").strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(isa -> isa.spelling.equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("isa = " + text + ": must be one of "
                        + Arrays.stream(values()).map(Isa::spelling).collect(Collectors.joining(", "))));
    }
}

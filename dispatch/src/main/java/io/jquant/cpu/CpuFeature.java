// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

/** The CPU features that kernels, or the choice among them, depend on. */
public enum CpuFeature {
    /** SSE4.1. */
    SSE4_1("sse4_1", Architecture.X86_64),
    /** AVX. */
    AVX("avx", Architecture.X86_64),
    /** AVX2. */
    AVX2("avx2", Architecture.X86_64),
    /** Fused multiply-add with three operands. */
    FMA("fma", Architecture.X86_64),
    /** Conversions between binary16 and binary32. */
    F16C("f16c", Architecture.X86_64),
    /** AVX-512 foundation. */
    AVX512F("avx512f", Architecture.X86_64),
    /** AVX-512 on bytes and words. */
    AVX512BW("avx512bw", Architecture.X86_64),
    /** AVX-512 on doublewords and quadwords. */
    AVX512DQ("avx512dq", Architecture.X86_64),
    /** AVX-512 instructions on 128- and 256-bit registers. */
    AVX512VL("avx512vl", Architecture.X86_64),
    /** AVX-512 byte permutations. */
    AVX512_VBMI("avx512vbmi", Architecture.X86_64),
    /** AVX-512 dot products of bytes and words. */
    AVX512_VNNI("avx512_vnni", Architecture.X86_64),
    /** AVX-512 dot products of bfloat16. */
    AVX512_BF16("avx512_bf16", Architecture.X86_64),
    /** AVX-512 arithmetic on binary16. */
    AVX512_FP16("avx512_fp16", Architecture.X86_64),
    /** VEX-encoded dot products of unsigned by signed bytes. */
    AVX_VNNI("avx_vnni", Architecture.X86_64),
    /** VEX-encoded dot products of bytes of either sign. */
    AVX_VNNI_INT8("avx_vnni_int8", Architecture.X86_64),
    /** AMX tile registers. */
    AMX_TILE("amx_tile", Architecture.X86_64),
    /** AMX products of byte tiles. */
    AMX_INT8("amx_int8", Architecture.X86_64),
    /** AMX products of bfloat16 tiles. */
    AMX_BF16("amx_bf16", Architecture.X86_64),

    /** Advanced SIMD, also called NEON. */
    ASIMD("asimd", Architecture.AARCH64),
    /** Dot products of bytes. */
    ASIMDDP("asimddp", Architecture.AARCH64),
    /** Products of matrices of bytes. */
    I8MM("i8mm", Architecture.AARCH64),
    /** Scalable vectors. */
    SVE("sve", Architecture.AARCH64),
    /** bfloat16. */
    BF16("bf16", Architecture.AARCH64),
    /** Advanced SIMD arithmetic on binary16. */
    FP16("asimdhp", Architecture.AARCH64);

    private final String spelling;
    private final Architecture architecture;

    CpuFeature(String spelling, Architecture architecture) {
        this.spelling = spelling;
        this.architecture = architecture;
    }

    /** {@return the spelling in reports, which is that of Linux's {@code /proc/cpuinfo} where it has one} */
    public String spelling() {
        return spelling;
    }

    /** {@return the architecture this belongs to} */
    public Architecture architecture() {
        return architecture;
    }
}

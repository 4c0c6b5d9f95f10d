// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import io.jquant.cpu.CpuidSource.Registers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Decodes the answers of cpuid: Intel's Software Developer's Manual volume 2, AMD's Programmer's Manual volume 3. */
final class CpuidDecoder {
    private static final int EXTENDED = 0x8000_0000;
    private static final int BRAND = 0x8000_0002;
    private static final int INTEL_CACHES = 4;
    private static final int AMD_CACHES = 0x8000_001D;
    private static final int OSXSAVE = 27;

    private static final List<Bit> BITS = List.of(
            new Bit(CpuFeature.SSE4_1, 1, 0, Register.ECX, 19, State.SSE),
            new Bit(CpuFeature.AVX, 1, 0, Register.ECX, 28, State.YMM),
            new Bit(CpuFeature.FMA, 1, 0, Register.ECX, 12, State.YMM),
            new Bit(CpuFeature.F16C, 1, 0, Register.ECX, 29, State.YMM),
            new Bit(CpuFeature.AVX2, 7, 0, Register.EBX, 5, State.YMM),
            new Bit(CpuFeature.AVX512F, 7, 0, Register.EBX, 16, State.ZMM),
            new Bit(CpuFeature.AVX512DQ, 7, 0, Register.EBX, 17, State.ZMM),
            new Bit(CpuFeature.AVX512BW, 7, 0, Register.EBX, 30, State.ZMM),
            new Bit(CpuFeature.AVX512VL, 7, 0, Register.EBX, 31, State.ZMM),
            new Bit(CpuFeature.AVX512_VBMI, 7, 0, Register.ECX, 1, State.ZMM),
            new Bit(CpuFeature.AVX512_VNNI, 7, 0, Register.ECX, 11, State.ZMM),
            new Bit(CpuFeature.AVX512_FP16, 7, 0, Register.EDX, 23, State.ZMM),
            new Bit(CpuFeature.AVX512_BF16, 7, 1, Register.EAX, 5, State.ZMM),
            new Bit(CpuFeature.AVX_VNNI, 7, 1, Register.EAX, 4, State.YMM),
            new Bit(CpuFeature.AVX_VNNI_INT8, 7, 1, Register.EDX, 4, State.YMM),
            new Bit(CpuFeature.AMX_BF16, 7, 0, Register.EDX, 22, State.TILE),
            new Bit(CpuFeature.AMX_TILE, 7, 0, Register.EDX, 24, State.TILE),
            new Bit(CpuFeature.AMX_INT8, 7, 0, Register.EDX, 25, State.TILE));

    private final CpuidSource source;
    private final int maxBasic;
    private final int maxExtended;

    private CpuidDecoder(CpuidSource source) {
        this.source = source;
        this.maxBasic = source.cpuid(0, 0).eax();
        this.maxExtended = source.cpuid(EXTENDED, 0).eax();
    }

    /**
     * Decodes what a CPU says of itself.
     *
     * @param source the raw answers
     * @return the CPU
     */
    static CpuInfo decode(CpuidSource source) {
        return new CpuidDecoder(source).decode();
    }

    private CpuInfo decode() {
        Set<CpuFeature> usable = EnumSet.noneOf(CpuFeature.class);
        Map<CpuFeature, String> disabled = new EnumMap<>(CpuFeature.class);
        boolean osxsave = (ask(1, 0).ecx() >>> OSXSAVE & 1) != 0;
        long xcr0 = osxsave ? source.xcr0() : 0;
        for (Bit bit : BITS) {
            if (bit.isSet(ask(bit.leaf, bit.subleaf))) {
                // every 64-bit operating system saves the SSE registers, by fxsave where it does not know xsave
                if (bit.state == State.SSE || (xcr0 & bit.state.mask) == bit.state.mask) {
                    usable.add(bit.feature);
                } else {
                    disabled.put(bit.feature, osxsave
                            ? String.format("the CPU has it, the operating system does not save its registers"
                                    + " (XCR0 = 0x%x, 0x%x is needed)", xcr0, bit.state.mask)
                            : "the CPU has it, the operating system saves no registers beyond SSE (OSXSAVE is off)");
                }
            }
        }
        int[] cores = cores();
        return new CpuInfo(Architecture.X86_64, model(), usable, disabled, cores[0], cores[1], caches(), "cpuid",
                false);
    }

    /** A leaf beyond the maximum would answer with another leaf's data, a subleaf of 7 likewise. */
    private Registers ask(int leaf, int subleaf) {
        int max = leaf < 0 ? maxExtended : maxBasic;
        boolean known = Integer.compareUnsigned(leaf, max) <= 0
                && (leaf != 7 || subleaf <= source.cpuid(7, 0).eax());
        return known ? source.cpuid(leaf, subleaf) : new Registers(0, 0, 0, 0);
    }

    private CpuModel model() {
        Registers id = source.cpuid(0, 0);
        int signature = ask(1, 0).eax();
        int family = signature >>> 8 & 0xF;
        int model = signature >>> 4 & 0xF;
        if (family == 6 || family == 15) {
            model += (signature >>> 16 & 0xF) << 4;
        }
        if (family == 15) {
            family += signature >>> 20 & 0xFF;
        }
        StringBuilder brand = new StringBuilder();
        for (int leaf = BRAND; leaf < BRAND + 3; leaf++) {
            Registers part = ask(leaf, 0);
            brand.append(text(part.eax(), part.ebx(), part.ecx(), part.edx()));
        }
        return new CpuModel(text(id.ebx(), id.edx(), id.ecx()), brand.toString().strip(), family, model);
    }

    private static String text(int... registers) {
        ByteBuffer bytes = ByteBuffer.allocate(registers.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int register : registers) {
            bytes.putInt(register);
        }
        String text = new String(bytes.array(), StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    /** Physical and logical cores of the package, taken as alike; zeros where the topology leaves are absent. */
    private int[] cores() {
        int leaf = ask(0x1F, 0).ebx() != 0 ? 0x1F : 0xB;
        int threadsPerCore = 1;
        int logical = 0;
        for (int subleaf = 0; subleaf < 8; subleaf++) {
            Registers level = ask(leaf, subleaf);
            int type = level.ecx() >>> 8 & 0xFF;
            int count = level.ebx() & 0xFFFF;
            if (type == 0 || count == 0) {
                break;
            }
            if (type == 1) {
                threadsPerCore = count;
            }
            logical = count;
        }
        return new int[] {logical / threadsPerCore, logical};
    }

    private CacheSizes caches() {
        int leaf = (ask(INTEL_CACHES, 0).eax() & 0x1F) != 0 ? INTEL_CACHES : AMD_CACHES;
        long[] sizes = new long[4];
        for (int subleaf = 0; subleaf < 8; subleaf++) {
            Registers cache = ask(leaf, subleaf);
            int type = cache.eax() & 0x1F;
            int level = cache.eax() >>> 5 & 7;
            if (type == 0) {
                break;
            }
            boolean holdsData = type == 1 || type == 3;
            if (holdsData && level >= 1 && level <= 3) {
                long ways = (cache.ebx() >>> 22 & 0x3FF) + 1L;
                long partitions = (cache.ebx() >>> 12 & 0x3FF) + 1L;
                long line = (cache.ebx() & 0xFFF) + 1L;
                long sets = Integer.toUnsignedLong(cache.ecx()) + 1;
                sizes[level] = ways * partitions * line * sets;
            }
        }
        return new CacheSizes(sizes[1], sizes[2], sizes[3]);
    }

    private enum Register {
        EAX, EBX, ECX, EDX;

        int of(Registers registers) {
            return switch (this) {
                case EAX -> registers.eax();
                case EBX -> registers.ebx();
                case ECX -> registers.ecx();
                case EDX -> registers.edx();
            };
        }
    }

    /** Register states by their bits in XCR0: each includes those that it extends. */
    private enum State {
        SSE(0x2),
        YMM(0x6),
        ZMM(0xE6),
        TILE(0x6_0000);

        final long mask;

        State(long mask) {
            this.mask = mask;
        }
    }

    private record Bit(CpuFeature feature, int leaf, int subleaf, Register register, int bit, State state) {
        boolean isSet(Registers registers) {
            return (register.of(registers) >>> bit & 1) != 0;
        }
    }
}

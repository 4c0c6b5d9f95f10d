// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.peak;

import io.jquant.DataType;
import io.jquant.bench.measure.Subject;
import io.jquant.bench.work.Operands;
import io.jquant.cpu.Architecture;
import io.jquant.cpu.CpuInfo;
import io.jquant.cpu.Isa;
import io.jquant.spi.Tier;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The rulers that there are on this CPU, for a number of threads. */
public final class Peaks {
    private static final long LEAST_BYTES_A_CALL = 1 << 20;

    private final CpuInfo cpu;
    private final int threads;

    /** What multiplies: a row for every instruction. */
    public enum Arithmetic {
        /** Float multiply-add on 256 bits. */
        FMA_256(Isa.AVX2, () -> PeakLoop.fma(256), 12 * 8 * 2),
        /** Float multiply-add on 512 bits. */
        FMA_512(Isa.AVX512, () -> PeakLoop.fma(512), 24 * 16 * 2),
        /** Products of words on 256 bits, added. */
        VPMADDWD_256(Isa.AVX2, () -> PeakLoop.words(256), 12 * 16 * 2),
        /** Products of words on 512 bits, added. */
        VPMADDWD_512(Isa.AVX512, () -> PeakLoop.words(512), 24 * 32 * 2),
        /** Dot products of bytes on 256 bits. */
        VPDPBUSD_256(Isa.AVX_VNNI, () -> PeakLoop.dotProduct(256), 12 * 32 * 2),
        /** Dot products of bytes on 512 bits. */
        VPDPBUSD_512(Isa.AVX512_VNNI, () -> PeakLoop.dotProduct(512), 24 * 64 * 2),
        /** Products of tiles of bytes. */
        TDPBUSD(Isa.AMX, PeakLoop::tiles, 4 * 16 * 16 * 64 * 2),
        /** Float multiply-add on Arm's 128 bits. */
        FMLA_128(Isa.NEON, ArmPeakLoop::fma, 24 * 4 * 2),
        /** Products of bytes on Arm's 128 bits, added in pairs. */
        SMULL_128(Isa.NEON, ArmPeakLoop::words, 24 * 16 * 2),
        /** Dot products of bytes on Arm's 128 bits. */
        SDOT_128(Isa.NEON_DOTPROD, ArmPeakLoop::dotProduct, 24 * 16 * 2),
        /** Products of matrices of bytes on Arm's 128 bits. */
        USMMLA_128(Isa.NEON_I8MM, ArmPeakLoop::matrices, 24 * 32 * 2);

        private final Isa isa;
        // method references that hold nothing
        @SuppressWarnings("ImmutableEnumChecker")
        private final Supplier<byte[]> code;
        private final long operations;

        Arithmetic(Isa isa, Supplier<byte[]> code, long operations) {
            this.isa = isa;
            this.code = code;
            this.operations = operations;
        }

        /** {@return the name in reports} */
        public String spelling() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** {@return the instruction set that has it} */
        public Isa isa() {
            return isa;
        }
    }

    /**
     * The rulers of a CPU.
     *
     * @param cpu the CPU that this runs on
     * @param threads how many run at the same time
     */
    public Peaks(CpuInfo cpu, int threads) {
        this.cpu = cpu;
        this.threads = threads;
    }

    /**
     * Which instruction bounds kernels of a tier and instruction set. Scalar kernels are measured with the vector
     * tier's ruler.
     *
     * @param tier the tier
     * @param isa the instruction set
     * @return the instruction; empty where there is no ruler
     */
    public Optional<Arithmetic> bounding(Tier tier, Isa isa) {
        Isa best = tier == Tier.SCALAR ? widest() : isa;
        boolean floats = tier != Tier.NATIVE_CODE;
        return Optional.ofNullable(switch (best) {
            case AVX2 -> floats ? Arithmetic.FMA_256 : Arithmetic.VPMADDWD_256;
            case AVX512 -> floats ? Arithmetic.FMA_512 : Arithmetic.VPMADDWD_512;
            case AVX_VNNI -> Arithmetic.VPDPBUSD_256;
            case AVX512_VNNI -> Arithmetic.VPDPBUSD_512;
            case AMX -> Arithmetic.TDPBUSD;
            case NEON -> floats ? Arithmetic.FMLA_128 : Arithmetic.SMULL_128;
            case NEON_DOTPROD -> Arithmetic.SDOT_128;
            case NEON_I8MM -> Arithmetic.USMMLA_128;
            case SCALAR -> null;
        }).filter(arithmetic -> cpu.supports(arithmetic.isa));
    }

    private Isa widest() {
        if (cpu.architecture() == Architecture.AARCH64) {
            return Isa.NEON;
        }
        return cpu.supports(Isa.AVX512) ? Isa.AVX512 : Isa.AVX2;
    }

    /** {@return what CPUs of this kind multiply with, whether this one has it or not} */
    public List<Arithmetic> arithmetics() {
        return Arrays.stream(Arithmetic.values())
                .filter(each -> each.isa.architecture().equals(Optional.of(cpu.architecture()))).toList();
    }

    /** {@return the rulers of float multiply-adds through the Vector API; none where registers are of other widths} */
    public List<Peak> ofVectorApi() {
        return cpu.architecture() == Architecture.X86_64
                ? IntStream.of(256, 512).filter(VectorFma::hasRegisters).mapToObj(this::ofVectorApi).toList()
                : List.of();
    }

    /**
     * A ruler of arithmetic: machine code, or for float through the Vector API where machine code is refused.
     *
     * @param arithmetic what multiplies
     * @return the ruler; empty where it cannot run
     */
    public Optional<Peak> of(Arithmetic arithmetic) {
        if (!cpu.supports(arithmetic.isa)) {
            return Optional.empty();
        }
        // about 50 microseconds a call
        long steps = 4096;
        byte[] code = arithmetic.code.get();
        Optional<Subject> subject = parallel(thread -> MachineCode.loop(code, steps));
        if (subject.isEmpty()) {
            return switch (arithmetic) {
                case FMA_256 -> Optional.of(ofVectorApi(256));
                case FMA_512 -> Optional.of(ofVectorApi(512));
                default -> Optional.empty();
            };
        }
        return Optional.of(new Peak(arithmetic.spelling(), (double) steps * arithmetic.operations * threads,
                subject.get()));
    }

    private Peak ofVectorApi(int bits) {
        long steps = 1 << 16;
        return new Peak("fma_" + bits + "_vector_api",
                (double) steps * VectorFma.ACCUMULATORS * bits / 16 * threads,
                parallel(thread -> Optional.of(VectorFma.of(bits, steps))).orElseThrow());
    }

    /**
     * Reading memory, again and again.
     *
     * @param bytes how many
     * @return the ruler
     */
    public Peak reading(long bytes) {
        long part = Math.max(PeakLoop.READ_STEP, bytes / threads / PeakLoop.READ_STEP * PeakLoop.READ_STEP);
        long repeat = Math.max(1, LEAST_BYTES_A_CALL / part);
        String name = "read_" + size(bytes);
        if (cpu.architecture() == Architecture.X86_64 && cpu.supports(Isa.AVX2)) {
            byte[] code = PeakLoop.read(cpu.supports(Isa.AVX512) ? 512 : 256);
            Optional<Subject> subject = parallel(thread -> MachineCode.loop(code, Operands.zeros(DataType.U8, part),
                    part / PeakLoop.READ_STEP, repeat));
            if (subject.isPresent()) {
                return new Peak(name, (double) part * repeat * threads, subject.get());
            }
        }
        return new Peak(name, (double) part * threads, parallel(thread -> comparison(part / 2)).orElseThrow());
    }

    /** Reads two pieces of memory by comparing them, which the JVM does with vectors. */
    private static Optional<Subject> comparison(long bytes) {
        MemorySegment left = Operands.zeros(DataType.U8, bytes);
        MemorySegment right = Operands.zeros(DataType.U8, bytes);
        return Optional.of(Subject.of(() -> {
            if (left.mismatch(right) >= 0) {
                throw new IllegalStateException("zeros differ");
            }
        }, null, () -> { }));
    }

    /**
     * Copying memory: half of the bytes are read, half are written.
     *
     * @param bytes how many are read and written
     * @return the ruler
     */
    public Peak copying(long bytes) {
        long part = Math.max(1, bytes / 2 / threads);
        return new Peak("copy_" + size(bytes), 2.0 * part * threads, parallel(thread -> {
            MemorySegment from = Operands.zeros(DataType.U8, part);
            MemorySegment to = Operands.zeros(DataType.U8, part);
            return Optional.of(Subject.of(() -> MemorySegment.copy(from, 0, to, 0, part), null, () -> { }));
        }).orElseThrow());
    }

    private Optional<Subject> parallel(IntFunction<Optional<Subject>> maker) {
        List<Subject> parts = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            Optional<Subject> part = maker.apply(thread);
            if (part.isEmpty()) {
                return Optional.empty();
            }
            parts.add(part.get());
        }
        return Optional.of(ParallelSubject.of(parts));
    }

    private static String size(long bytes) {
        return bytes < 1 << 20 ? (bytes + 512) / 1024 + "KiB"
                : String.format(Locale.ROOT, "%.1fMiB", bytes / 1048576.0);
    }
}

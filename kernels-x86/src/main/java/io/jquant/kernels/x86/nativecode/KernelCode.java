// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.codegen.ExecutableMemory;
import io.jquant.kernels.common.CodeStage;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The kernels that this process has made, each when it was first wanted. They are kept: what their code depends on has
 * few values, and a kernel takes some kilobytes.
 */
final class KernelCode {
    private static final Map<Object, MemorySegment> MADE = new ConcurrentHashMap<>();

    /** What the code of a kernel depends on. */
    private record Key(Kind kind, CodeStage stage, int variant) {
        // by hand: at its first call, what a record has of its own takes milliseconds
        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && kind == key.kind && variant == key.variant && stage.equals(key.stage);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * kind.hashCode() + stage.hashCode()) + variant;
        }
    }

    private enum Kind { VNNI512, AMX, AVX2_VNNI, AVX2_PAIRS, AVX2_WORDS, AVX2_WIDE, AVX2_SIGNS, COPY, WORDS, COLUMNS,
        FEW_COLUMNS, PAIRS_AVX2, PAIRS_AVX_VNNI, PAIRS_AVX512_VNNI }

    private KernelCode() {
    }

    /** Tiles of some rows and of one fewer, with {@code vpdpbusd} on 512 bits; of no rows, one row alone. */
    static MemorySegment vnni512(CodeStage stage, int rows) {
        Key key = new Key(Kind.VNNI512, stage, rows);
        MemorySegment made = MADE.get(key);
        return made != null ? made
                : make(key, () -> new Vnni512Code(stage, Math.max(rows, 1), rows == 0).assemble());
    }

    /** {@link AmxCode}. */
    static MemorySegment amx(CodeStage stage, AmxCode.Way way) {
        Key key = new Key(Kind.AMX, stage, way.number());
        MemorySegment made = MADE.get(key);
        return made != null ? made : make(key, () -> new AmxCode(stage, way).assemble());
    }

    /** Tiles of some rows and of one fewer, on 256 bits; of no rows, one row alone. */
    static MemorySegment avx2(CodeStage stage, Avx2Code.Dot dot, int rows) {
        Kind kind = switch (dot) {
            case VNNI -> Kind.AVX2_VNNI;
            case PAIRS -> Kind.AVX2_PAIRS;
            case WORDS -> Kind.AVX2_WORDS;
            case WIDE -> Kind.AVX2_WIDE;
            case SIGNS -> Kind.AVX2_SIGNS;
        };
        Key key = new Key(kind, stage, rows);
        MemorySegment made = MADE.get(key);
        return made != null ? made : make(key, () -> new Avx2Code(stage, dot, Math.max(rows, 1), rows == 0).assemble());
    }

    /** {@link CopyCode}. */
    static MemorySegment copy() {
        Key key = new Key(Kind.COPY, CodeStage.RAW, 0);
        MemorySegment made = MADE.get(key);
        return made != null ? made : make(key, CopyCode::assemble);
    }

    /** {@link WordsCode}. */
    static MemorySegment words(boolean apart) {
        Key key = new Key(Kind.WORDS, CodeStage.RAW, apart ? 1 : 0);
        MemorySegment made = MADE.get(key);
        return made != null ? made : make(key, () -> WordsCode.assemble(apart));
    }

    /** {@link ColumnsCode}. */
    static MemorySegment columns(CodeStage stage, int channels, int height, int width, int step, int pixels) {
        Kind kind = channels == ColumnsCode.CHANNELS ? Kind.COLUMNS : Kind.FEW_COLUMNS;
        Key key = new Key(kind, stage, height << 24 | width << 16 | step << 8 | pixels);
        MemorySegment made = MADE.get(key);
        return made != null ? made
                : make(key, () -> new ColumnsCode(stage, channels, height, width, step, pixels).assemble());
    }

    /** {@link PairsCode}. */
    static MemorySegment pairs(CodeStage stage, PairsCode.Dot dot) {
        Kind kind = switch (dot) {
            case AVX2 -> Kind.PAIRS_AVX2;
            case AVX_VNNI -> Kind.PAIRS_AVX_VNNI;
            case AVX512_VNNI -> Kind.PAIRS_AVX512_VNNI;
        };
        Key key = new Key(kind, stage, 0);
        MemorySegment made = MADE.get(key);
        return made != null ? made : make(key, () -> new PairsCode(stage, dot).assemble());
    }

    /** {@link ElementCode}. */
    static MemorySegment elements(ElementCode.Shape shape) {
        MemorySegment made = MADE.get(shape);
        return made != null ? made : make(shape, () -> new ElementCode(shape).assemble());
    }

    /** {@link GroupedCode}. */
    static MemorySegment grouped(GroupedCode.Shape shape) {
        MemorySegment made = MADE.get(shape);
        return made != null ? made : make(shape, () -> new GroupedCode(shape).assemble());
    }

    /** {@link GroupRowsCode}. */
    static MemorySegment groupRows(GroupRowsCode.Shape shape) {
        MemorySegment made = MADE.get(shape);
        return made != null ? made : make(shape, () -> new GroupRowsCode(shape).assemble());
    }

    /** {@link PoolCode}. */
    static MemorySegment pool(PoolShape shape) {
        MemorySegment made = MADE.get(shape);
        return made != null ? made : make(shape, () -> new PoolCode(shape).assemble());
    }

    private static MemorySegment make(Object key, Supplier<byte[]> assembler) {
        synchronized (MADE) {
            MemorySegment made = MADE.get(key);
            if (made == null) {
                // the segment keeps the memory
                made = ExecutableMemory.mapCollected(assembler.get()).orThrow().code();
                MADE.put(key, made);
            }
            return made;
        }
    }
}

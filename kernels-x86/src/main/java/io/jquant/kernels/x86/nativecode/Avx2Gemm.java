// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jquant.kernels.common.CodeStage;
import io.jquant.kernels.common.GemmBlock;
import io.jquant.kernels.common.GemmKernel;
import io.jquant.kernels.common.PackedMatrix;
import io.jquant.kernels.common.Tile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** A kernel on vectors of 256 bits: each panel of weights goes to the fastest code that is exact on it. */
final class Avx2Gemm implements GemmKernel {
    private static final Tile TILE = new Tile(Avx2Code.Dot.VNNI.rows, Avx2Code.COLUMNS, 4, 4);
    /** 255 times this fits int16, and so does 255 times its negative. */
    private static final int PAIR_LIMIT = Short.MAX_VALUE / 255;

    /** 80 microseconds or so. */
    private static final long MOST_PRODUCTS = 6L << 20;

    private final CodeStage stage;
    private final Machine machine;
    private final Avx2Code.Dot dot;
    private final Panels panels;
    private final Codes code;
    private final Avx2Words words;

    /**
     * What the weights of panels allow.
     *
     * @param pairs of which no two neighbouring products can saturate int16
     * @param signs of which none is -128
     * @param onlyPairs whether all are the first
     * @param onlySigns whether all are the second
     * @param shifts 128 times the sums of all columns, s32
     */
    // never compared or handed out
    @SuppressWarnings("ArrayRecordComponent")
    private record Panels(boolean[] pairs, boolean[] signs, boolean onlyPairs, boolean onlySigns,
            MemorySegment shifts) {
        static final Panels UNKNOWN = new Panels(new boolean[0], new boolean[0], false, false, MemorySegment.NULL);

        /** {@link #UNKNOWN} where no panel allows anything. */
        static Panels of(PackedMatrix weights) {
            int count = weights.panels();
            boolean[] pairs = new boolean[count];
            boolean[] signs = new boolean[count];
            boolean onlyPairs = true;
            boolean onlySigns = true;
            boolean any = false;
            MemorySegment shifts = Arena.ofAuto().allocate((long) weights.paddedColumns() * Integer.BYTES, 64);
            byte[] packed = new byte[(int) weights.panelBytes()];
            for (int panel = 0; panel < count; panel++) {
                MemorySegment.copy(weights.segment(), JAVA_BYTE, weights.panelOffset(panel), packed, 0,
                        packed.length);
                pairs[panel] = fitsPairs(packed);
                signs[panel] = fitsSigns(packed);
                onlyPairs &= pairs[panel];
                onlySigns &= signs[panel];
                any |= pairs[panel] || signs[panel];
                for (int column = 0; column < Avx2Code.COLUMNS; column++) {
                    shifts.setAtIndex(JAVA_INT, (long) panel * Avx2Code.COLUMNS + column, 128 * sum(packed, column));
                }
            }
            return any ? new Panels(pairs, signs, onlyPairs, onlySigns, shifts) : UNKNOWN;
        }

        /** Whether no u8 values can make a sum of two neighbouring products leave int16. */
        private static boolean fitsPairs(byte[] packed) {
            for (int at = 0; at < packed.length; at += 2) {
                int first = packed[at];
                int second = packed[at + 1];
                if (Math.max(first, 0) + Math.max(second, 0) > PAIR_LIMIT
                        || Math.min(first, 0) + Math.min(second, 0) < -PAIR_LIMIT) {
                    return false;
                }
            }
            return true;
        }

        private static boolean fitsSigns(byte[] packed) {
            for (byte weight : packed) {
                if (weight == Byte.MIN_VALUE) {
                    return false;
                }
            }
            return true;
        }

        private static int sum(byte[] packed, int column) {
            int sum = 0;
            for (int group = 4 * column; group < packed.length; group += 4 * Avx2Code.COLUMNS) {
                sum += packed[group] + packed[group + 1] + packed[group + 2] + packed[group + 3];
            }
            return sum;
        }

        boolean fitPairs(int panel) {
            return panel < pairs.length && pairs[panel];
        }

        boolean fitSigns(int panel) {
            return panel < signs.length && signs[panel];
        }
    }

    /** The code for tiles of every number of rows. */
    static final class Codes {
        private static final int MOST_ROWS = 6;

        private final CodeStage stage;
        // filled in as wanted, a race puts the same there
        private final MemorySegment[] made = new MemorySegment[Avx2Code.Dot.values().length * (MOST_ROWS + 1)];

        private Codes(CodeStage stage) {
            this.stage = stage;
        }

        MemorySegment of(Avx2Code.Dot how, int rows) {
            int index = how.index * (MOST_ROWS + 1) + rows;
            if (made[index] == null) {
                made[index] = KernelCode.avx2(stage, how, rows);
            }
            return made[index];
        }
    }

    private Avx2Gemm(CodeStage stage, Machine machine, Avx2Code.Dot dot, Panels panels) {
        this.stage = stage;
        this.machine = machine;
        this.dot = dot;
        this.panels = panels;
        code = new Codes(stage);
        words = new Avx2Words(stage, machine, code);
    }

    Avx2Gemm(CodeStage stage, Machine machine, boolean hasDotProducts) {
        this(stage, machine, hasDotProducts ? Avx2Code.Dot.VNNI : Avx2Code.Dot.WORDS, Panels.UNKNOWN);
    }

    @Override
    public Tile tile() {
        return TILE;
    }

    @Override
    public boolean finishes() {
        return stage.output() != CodeStage.Output.RAW;
    }

    @Override
    public GemmKernel specialize(PackedMatrix weights) {
        Panels of = dot == Avx2Code.Dot.VNNI ? Panels.UNKNOWN : Panels.of(weights);
        return of.equals(Panels.UNKNOWN) ? this : new Avx2Gemm(stage, machine, dot, of);
    }

    @Override
    public int cacheBytes() {
        // a byte and its word, and room for a panel's words
        return dot == Avx2Code.Dot.VNNI || panels.onlyPairs() ? 1 : 4;
    }

    @Override
    public int imageUnit(int bytes, int planes) {
        if (dot == Avx2Code.Dot.VNNI) {
            return 4;
        }
        // all that is between the first and the last pixel of a block is widened: whole planes would be too much
        return planes == 1 ? 2 : 0;
    }

    @Override
    public long mostProducts() {
        return MOST_PRODUCTS;
    }

    @Override
    public void run(GemmBlock block) {
        if (dot == Avx2Code.Dot.VNNI) {
            direct(block, Avx2Code.Dot.VNNI, block.firstPanel, block.panels);
            return;
        }
        boolean mayPair = block.image == null || block.image.pieceBytes % 4 == 0;
        boolean few = block.image == null && block.rows <= Avx2Code.Dot.SIGNS.rows;
        if (!block.sameRows && !(mayPair && panels.onlyPairs()) && !(few && panels.onlySigns())) {
            words.widen(block);
        }
        int end = block.firstPanel + block.panels;
        for (int from = block.firstPanel; from < end;) {
            Avx2Code.Dot how = how(from, mayPair, few);
            int to = from + 1;
            while (to < end && how(to, mayPair, few) == how) {
                to++;
            }
            if (how == Avx2Code.Dot.WORDS) {
                words.run(block, from, to - from);
            } else {
                direct(block, how, from, to - from);
            }
            from = to;
        }
    }

    private Avx2Code.Dot how(int panel, boolean mayPair, boolean few) {
        if (mayPair && panels.fitPairs(panel)) {
            return Avx2Code.Dot.PAIRS;
        }
        return few && panels.fitSigns(panel) ? Avx2Code.Dot.SIGNS : Avx2Code.Dot.WORDS;
    }

    private void direct(GemmBlock block, Avx2Code.Dot how, int firstPanel, int count) {
        // of the size that words want: asking for more later would lose the widened rows
        MemorySegment arguments = block.scratch.kernel().atLeast(how == Avx2Code.Dot.VNNI ? KernelArguments.BYTES
                : Avx2Words.bytes(block));
        KernelArguments.write(arguments, block, stage, firstPanel, count);
        if (how == Avx2Code.Dot.SIGNS) {
            arguments.set(JAVA_LONG, KernelArguments.SHIFTS,
                    panels.shifts().address() + (long) firstPanel * Avx2Code.COLUMNS * Integer.BYTES);
        }
        int rows = Vnni512Gemm.codeRows(block, Vnni512Gemm.writeShape(arguments, block, how.rows));
        try {
            Vnni512Gemm.call(machine, code.of(how, rows), block, block.a, arguments, stage);
        } finally {
            // its shifts were passed as an address
            Reference.reachabilityFence(this);
        }
    }
}

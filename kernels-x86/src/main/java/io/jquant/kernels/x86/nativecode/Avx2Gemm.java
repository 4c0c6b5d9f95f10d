// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.kernels.common.CodeStage;
import io.jquant.kernels.common.GemmBlock;
import io.jquant.kernels.common.GemmKernel;
import io.jquant.kernels.common.PackedMatrix;
import io.jquant.kernels.common.Tile;
import java.lang.foreign.MemorySegment;

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
    private final boolean[] fitsPairs;
    private final boolean onlyPairs;
    private final Codes code;
    private final Avx2Words words;

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

    private Avx2Gemm(CodeStage stage, Machine machine, Avx2Code.Dot dot, boolean[] fitsPairs, boolean onlyPairs) {
        this.stage = stage;
        this.machine = machine;
        this.dot = dot;
        this.fitsPairs = fitsPairs;
        this.onlyPairs = onlyPairs;
        code = new Codes(stage);
        words = new Avx2Words(stage, machine, code);
    }

    Avx2Gemm(CodeStage stage, Machine machine, boolean hasDotProducts) {
        this(stage, machine, hasDotProducts ? Avx2Code.Dot.VNNI : Avx2Code.Dot.WORDS, new boolean[0], false);
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
        if (dot == Avx2Code.Dot.VNNI) {
            return this;
        }
        boolean[] fits = new boolean[weights.panels()];
        int count = 0;
        for (int panel = 0; panel < fits.length; panel++) {
            fits[panel] = fitsPairs(weights, panel);
            count += fits[panel] ? 1 : 0;
        }
        return count > 0 ? new Avx2Gemm(stage, machine, dot, fits, count == fits.length) : this;
    }

    /** Whether no u8 values can make a sum of two neighbouring products leave int16. */
    private static boolean fitsPairs(PackedMatrix weights, int panel) {
        byte[] packed = new byte[(int) weights.panelBytes()];
        MemorySegment.copy(weights.segment(), weights.panelOffset(panel), MemorySegment.ofArray(packed), 0,
                packed.length);
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

    @Override
    public int cacheBytes() {
        // a byte and its word, and room for a panel's words
        return dot == Avx2Code.Dot.VNNI || onlyPairs ? 1 : 4;
    }

    @Override
    public int imageUnit(int planes) {
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
        if (!block.sameRows && !(mayPair && onlyPairs)) {
            words.widen(block);
        }
        int end = block.firstPanel + block.panels;
        for (int from = block.firstPanel; from < end;) {
            boolean pairs = mayPair && fits(from);
            int to = from + 1;
            while (to < end && (mayPair && fits(to)) == pairs) {
                to++;
            }
            if (pairs) {
                direct(block, Avx2Code.Dot.PAIRS, from, to - from);
            } else {
                words.run(block, from, to - from);
            }
            from = to;
        }
    }

    private boolean fits(int panel) {
        return panel < fitsPairs.length && fitsPairs[panel];
    }

    private void direct(GemmBlock block, Avx2Code.Dot how, int firstPanel, int panels) {
        // of the size that words want: asking for more later would lose the widened rows
        MemorySegment arguments = block.scratch.kernel().atLeast(how == Avx2Code.Dot.PAIRS ? Avx2Words.bytes(block)
                : KernelArguments.BYTES);
        KernelArguments.write(arguments, block, stage, firstPanel, panels);
        int rows = Vnni512Gemm.writeShape(arguments, block, how.rows);
        Vnni512Gemm.call(machine, code.of(how, rows), block, block.a, arguments, stage);
    }
}

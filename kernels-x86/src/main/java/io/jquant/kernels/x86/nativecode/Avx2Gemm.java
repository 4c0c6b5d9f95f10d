// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

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
    private static final int CODES = Avx2Code.Dot.VNNI.rows + 1;

    private final CodeStage stage;
    private final Avx2Code.Dot dot;
    private final boolean[] fitsPairs;
    // of pairs, then of the other; filled in as wanted, a race puts the same there
    private final MemorySegment[] code = new MemorySegment[2 * CODES];
    private MemorySegment wordsCode;

    private Avx2Gemm(CodeStage stage, Avx2Code.Dot dot, boolean[] fitsPairs) {
        this.stage = stage;
        this.dot = dot;
        this.fitsPairs = fitsPairs;
    }

    Avx2Gemm(CodeStage stage, boolean hasDotProducts) {
        this(stage, hasDotProducts ? Avx2Code.Dot.VNNI : Avx2Code.Dot.WORDS, new boolean[0]);
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
        boolean any = false;
        for (int panel = 0; panel < fits.length; panel++) {
            fits[panel] = fitsPairs(weights, panel);
            any |= fits[panel];
        }
        return any ? new Avx2Gemm(stage, dot, fits) : this;
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
    public boolean readsImages() {
        // words are widened row by row
        return dot == Avx2Code.Dot.VNNI;
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
        boolean widened = false;
        int end = block.firstPanel + block.panels;
        for (int from = block.firstPanel; from < end;) {
            boolean pairs = fits(from);
            int to = from + 1;
            while (to < end && fits(to) == pairs) {
                to++;
            }
            if (pairs) {
                direct(block, Avx2Code.Dot.PAIRS, from, to - from);
            } else {
                words(block, from, to - from, widened);
                widened = true;
            }
            from = to;
        }
    }

    private boolean fits(int panel) {
        return panel < fitsPairs.length && fitsPairs[panel];
    }

    private void direct(GemmBlock block, Avx2Code.Dot how, int firstPanel, int panels) {
        // of the size that words wants: asking for more later would lose the widened rows
        MemorySegment arguments = arguments(block);
        KernelArguments.write(arguments, block, stage, firstPanel, panels);
        int rows = Vnni512Gemm.writeShape(arguments, block, how.rows);
        Vnni512Gemm.call(code(how, rows), block, block.a, arguments, stage);
    }

    private MemorySegment code(Avx2Code.Dot how, int rows) {
        int index = (how == Avx2Code.Dot.PAIRS ? 0 : CODES) + rows;
        if (code[index] == null) {
            code[index] = KernelCode.avx2(stage, how, rows);
        }
        return code[index];
    }

    private MemorySegment wordsCode() {
        if (wordsCode == null) {
            wordsCode = KernelCode.words();
        }
        return wordsCode;
    }

    private MemorySegment arguments(GemmBlock block) {
        return block.scratch.kernel().atLeast(KernelArguments.BYTES
                + (dot == Avx2Code.Dot.WORDS ? block.rows * wordsStride(block) : 0));
    }

    private static long wordsStride(GemmBlock block) {
        return 2L * WordsCode.BLOCK * Math.ceilDiv(block.b.depth(), WordsCode.BLOCK);
    }

    private void words(GemmBlock block, int firstPanel, int panels, boolean widened) {
        MemorySegment arguments = arguments(block);
        long stride = wordsStride(block);
        long rowsAt = arguments.address() + KernelArguments.BYTES;
        int depth = block.b.depth();
        if (!widened) {
            arguments.set(JAVA_LONG, KernelArguments.A, block.aOffset);
            arguments.set(JAVA_LONG, KernelArguments.A_STRIDE, block.aStride);
            arguments.set(JAVA_LONG, KernelArguments.COPY, rowsAt);
            arguments.set(JAVA_LONG, KernelArguments.COPY_STRIDE, stride);
            arguments.set(JAVA_LONG, KernelArguments.COUNT, block.rows);
            arguments.set(JAVA_LONG, KernelArguments.DEPTH_STEPS, depth / WordsCode.BLOCK);
            arguments.set(JAVA_LONG, KernelArguments.TAIL_BYTES, depth % WordsCode.BLOCK);
            NativeCall.run(wordsCode(), block.a, MemorySegment.NULL, MemorySegment.NULL, arguments);
        }
        KernelArguments.write(arguments, block, stage, firstPanel, panels);
        arguments.set(JAVA_LONG, KernelArguments.A, rowsAt);
        arguments.set(JAVA_LONG, KernelArguments.A_STRIDE, stride);
        Vnni512Gemm.writeDepth(arguments, Math.ceilDiv(depth, 4), 0);
        int rows = KernelArguments.writeTiles(arguments, block.rows, Avx2Code.Dot.WORDS.rows);
        Vnni512Gemm.call(code(Avx2Code.Dot.WORDS, rows), block, MemorySegment.NULL, arguments, stage);
    }
}

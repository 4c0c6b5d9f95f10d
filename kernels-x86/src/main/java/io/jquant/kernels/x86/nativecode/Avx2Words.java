// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jquant.kernels.common.CodeStage;
import io.jquant.kernels.common.GemmBlock;
import io.jquant.kernels.common.ImageRows;
import java.lang.foreign.MemorySegment;

/**
 * Products of words on 256 bits. The kernel's scratch holds, behind the arguments, the steps between pieces of an
 * image, a panel's weights widened to words, and the block's rows, or the part of the image that they lie in, widened
 * too.
 */
final class Avx2Words {
    /** Widening weights takes as long as the products of a row or two: fewer rows than this widen them each time. */
    private static final int FEW_ROWS = 5;
    private static final long LINE = 64;

    private final CodeStage stage;
    private final Machine machine;
    private final Avx2Gemm.Codes code;
    private MemorySegment widening;
    private MemorySegment wideningApart;

    Avx2Words(CodeStage stage, Machine machine, Avx2Gemm.Codes code) {
        this.stage = stage;
        this.machine = machine;
        this.code = code;
    }

    private static boolean isWide(GemmBlock block) {
        return block.image != null || block.rows > FEW_ROWS;
    }

    /** What the kernel's scratch holds for a block. */
    static long bytes(GemmBlock block) {
        return rowsAt(block) + (block.image != null ? words(span(block)) : block.rows * rowStride(block));
    }

    private static long weightsAt(GemmBlock block) {
        int steps = block.image == null ? 0 : block.image.pieces * Long.BYTES;
        return KernelArguments.BYTES + Math.ceilDiv(steps, LINE) * LINE;
    }

    private static long rowsAt(GemmBlock block) {
        return weightsAt(block) + (isWide(block) ? 2 * block.b.panelBytes() : 0);
    }

    /** Bytes of so many bytes widened. */
    private static long words(long bytes) {
        return 2L * WordsCode.BLOCK * Math.ceilDiv(bytes, WordsCode.BLOCK);
    }

    private static long rowStride(GemmBlock block) {
        // rows a power of two apart would share a few sets of the cache
        return words(block.b.depth()) + (isWide(block) ? LINE : 0);
    }

    /** Bytes of an image from the first one that a block's rows have to the last. */
    private static long span(GemmBlock block) {
        ImageRows image = block.image;
        long bytes = (block.rows / image.lineRows - 1) * image.lineStride + (image.lineRows - 1) * block.aStride;
        for (int piece = 0; piece < image.pieces; piece++) {
            bytes += image.pieceBytes + (piece == 0 ? 0 : step(image, piece));
        }
        return bytes;
    }

    private static long step(ImageRows image, int piece) {
        return image.pieceSteps.get(JAVA_LONG, (piece - 1L) * Long.BYTES);
    }

    /** Widens the rows of a block, for runs of any of its panels. */
    void widen(GemmBlock block) {
        MemorySegment arguments = block.scratch.kernel().atLeast(bytes(block));
        ImageRows image = block.image;
        long bytes = image == null ? block.b.depth() : span(block);
        arguments.set(JAVA_LONG, KernelArguments.A, block.aOffset);
        arguments.set(JAVA_LONG, KernelArguments.A_STRIDE, block.aStride);
        arguments.set(JAVA_LONG, KernelArguments.COPY, arguments.address() + rowsAt(block));
        arguments.set(JAVA_LONG, KernelArguments.COPY_STRIDE, rowStride(block));
        arguments.set(JAVA_LONG, KernelArguments.COUNT, image == null ? block.rows : 1);
        arguments.set(JAVA_LONG, KernelArguments.DEPTH_STEPS, bytes / WordsCode.BLOCK);
        arguments.set(JAVA_LONG, KernelArguments.TAIL_BYTES, bytes % WordsCode.BLOCK);
        machine.run(isWide(block) ? widening() : wideningApart(), block.a, MemorySegment.NULL, MemorySegment.NULL,
                arguments);
    }

    private MemorySegment widening() {
        if (widening == null) {
            widening = KernelCode.words(false);
        }
        return widening;
    }

    private MemorySegment wideningApart() {
        if (wideningApart == null) {
            wideningApart = KernelCode.words(true);
        }
        return wideningApart;
    }

    /** Runs on rows that were widened. */
    void run(GemmBlock block, int firstPanel, int panels) {
        MemorySegment arguments = block.scratch.kernel().atLeast(bytes(block));
        KernelArguments.write(arguments, block, stage, firstPanel, panels);
        arguments.set(JAVA_LONG, KernelArguments.A, arguments.address() + rowsAt(block));
        arguments.set(JAVA_LONG, KernelArguments.A_STRIDE, rowStride(block));
        Avx2Code.Dot how = isWide(block) ? Avx2Code.Dot.WIDE : Avx2Code.Dot.WORDS;
        int lineRows = block.rows;
        int depth = block.b.depth();
        if (how == Avx2Code.Dot.WIDE) {
            arguments.set(JAVA_LONG, KernelArguments.WIDE_WEIGHTS, arguments.address() + weightsAt(block));
            arguments.set(JAVA_LONG, KernelArguments.PANEL_GROUPS, block.b.paddedDepth() / 4);
        }
        if (block.image != null) {
            writeImage(arguments, block);
            lineRows = block.image.lineRows;
            depth = block.image.pieceBytes;
        }
        Vnni512Gemm.writeDepth(arguments, Math.ceilDiv(depth, how.terms), 0);
        int rows = Vnni512Gemm.codeRows(block, KernelArguments.writeTiles(arguments, lineRows, how.rows));
        Vnni512Gemm.call(machine, code.of(how, rows), block, MemorySegment.NULL, arguments, stage);
    }

    /** Writes how pixels lie: as in the image, twice as far apart. */
    private static void writeImage(MemorySegment arguments, GemmBlock block) {
        ImageRows image = block.image;
        arguments.set(JAVA_LONG, KernelArguments.A_STRIDE, 2 * block.aStride);
        arguments.set(JAVA_LONG, KernelArguments.LINE_STRIDE, 2 * image.lineStride);
        arguments.set(JAVA_LONG, KernelArguments.PIECE_STEPS, arguments.address() + KernelArguments.BYTES);
        for (int piece = 1; piece < image.pieces; piece++) {
            arguments.set(JAVA_LONG, KernelArguments.BYTES + (piece - 1L) * Long.BYTES, 2 * step(image, piece));
        }
    }
}

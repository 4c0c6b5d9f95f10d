// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jquant.DataType;
import io.jquant.Extent;
import io.jquant.kernels.common.CodeStage;
import io.jquant.kernels.common.DepthwiseShape;
import io.jquant.kernels.common.OutputStage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;

/** How many instructions kernels take, counted on any CPU; printed as a table by {@code tools/arm/count}. */
final class InstructionCounts {
    private static final int GROUP_SIZE = 32;
    /** Output u8, with everything else of the simplest. */
    private static final CodeStage STAGE =
            CodeStage.of(new OutputStage(DataType.U8, 3, -3, 252, false, false, null));

    /**
     * The innermost loop of a kernel that somebody published, one turn of it counted in its source.
     *
     * @param where file, and how it was counted
     * @param instructions of a turn
     * @param products of a turn
     */
    private record Published(String where, int instructions, int products) {
    }

    private static final List<Published> PUBLISHED = List.of(
            // 8 k: 16 ld1, 16 usubl, 128 smlal, subs, b
            new Published("QNNPACK q8gemm/8x8-aarch64-neon.S", 162, 8 * 8 * 8),
            // 16 k: 2 ldr, 4 ldp, 16 smull, 16 smlal2, 16 sadalp, add, subs, b
            new Published("XNNPACK qs8-gemm 2x8c16-minmax-rndnu-aarch64-neon-mlal.S", 57, 2 * 8 * 16),
            // 16 k: 6 ldr, 7 ldp, 64 sdot, subs, b
            new Published("XNNPACK qs8-gemm 4x16c4-minmax-rndnu-aarch64-neondot-ld128.S", 79, 4 * 16 * 16),
            // 16 k: 4 vld1 and 4 vtrn of rows, 16 vld1 of weights as 8 ldp at the best, 32 vmmla, subs, b
            new Published("XNNPACK qs8-qc8w-gemm 4x16c8-minmax-fp32-neoni8mm.c, pairs loaded", 50, 4 * 16 * 16));

    private InstructionCounts() {
    }

    /**
     * A kernel and what it was counted on.
     *
     * @param kernel which
     * @param shape of what
     * @param instructions all that a call executes
     * @param products all that it computes
     */
    record Count(String kernel, String shape, long instructions, long products) {
        double ratio() {
            return (double) products / instructions;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%-66s %-24s %12d %8.2f", kernel, shape, instructions, ratio());
        }
    }

    /** A matrix product. */
    static Count product(Way way, int rows, int columns, int depth) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment arguments = arena.allocate(ArmArguments.BYTES, 64);
            int tileRows = ArmGemm.writeLoops(arguments, way, rows, depth);
            arguments.set(JAVA_LONG, ArmArguments.PANELS, way.tile().panels(columns));
            arguments.set(JAVA_LONG, ArmArguments.COLUMNS, columns);
            long count = Walker.count(way.code(STAGE, tileRows).assemble(), arguments);
            return new Count(way.name(), rows + "x" + columns + "x" + depth, count, (long) rows * columns * depth);
        }
    }

    /** A depthwise convolution that leaves lines of some pixels. */
    static Count depthwise(Way way, boolean narrow, int taps, int stride, int height, int width, int channels) {
        var shape = new DepthwiseShape(channels, Extent.of(taps, taps), stride, stride, 1, 1, narrow);
        ArmDepthwise kernel = new ArmDepthwise(shape, STAGE, way, Machine.THIS);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment arguments = arena.allocate(ArmArguments.bytes(shape.taps()), 64);
            int pixels = kernel.writeLoops(arguments, width);
            arguments.set(JAVA_LONG, ArmArguments.COLUMNS, channels);
            arguments.set(JAVA_LONG, ArmArguments.LINES, height);
            long count = Walker.count(kernel.assemble(pixels), arguments);
            String text = taps + "x" + taps + "/" + stride + " of " + height + "x" + width + "x" + channels;
            return new Count(way + (narrow ? " depthwise" : " depthwise, 9-bit weights"), text, count,
                    (long) height * width * channels * shape.taps());
        }
    }

    /** A layer with weights of 4 bits in groups of 32. */
    static Count grouped(boolean hasDot, int rows, int columns, int depth) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment arguments = arena.allocate(ArmArguments.BYTES, 64);
            int maxRows = hasDot ? GroupedDotCode.ROWS : GroupedWideningCode.ROWS;
            int tileRows = ArmArguments.writeTiles(arguments, rows, maxRows);
            arguments.set(JAVA_LONG, ArmArguments.PANELS, columns / GroupedCode.COLUMNS);
            arguments.set(JAVA_LONG, ArmArguments.UNROLLED_STEPS, depth / GROUP_SIZE);
            Code code = hasDot ? new GroupedDotCode(GROUP_SIZE, false, tileRows)
                    : new GroupedWideningCode(GROUP_SIZE, false, tileRows);
            long count = Walker.count(code.assemble(), arguments);
            return new Count((hasDot ? "DOT" : "WIDENING") + ", 4 bits in groups of " + GROUP_SIZE,
                    rows + "x" + columns + "x" + depth, count, (long) rows * columns * depth);
        }
    }

    /** Prints the table. */
    public static void main(String[] args) {
        System.out.printf("%-66s %-24s %12s %8s%n", "kernel", "of", "instructions", "products");
        for (Way way : Way.values()) {
            System.out.println(product(way, 256, 256, 256));
            // 3x3 on 56 x 56 pixels of 64 channels
            System.out.println(product(way, 56 * 56, 64, 9 * 64));
        }
        for (Way way : Way.values()) {
            System.out.println(depthwise(way, true, 3, 1, 56, 56, 128));
            System.out.println(depthwise(way, true, 3, 2, 28, 28, 128));
            System.out.println(depthwise(way, true, 5, 1, 28, 28, 128));
            System.out.println(depthwise(way, true, 5, 2, 14, 14, 128));
            System.out.println(depthwise(way, true, 7, 1, 14, 14, 128));
        }
        System.out.println(depthwise(Way.WIDENING, false, 3, 1, 56, 56, 128));
        for (boolean hasDot : new boolean[] {true, false}) {
            System.out.println(grouped(hasDot, 1, 1024, 1024));
            System.out.println(grouped(hasDot, 60, 1024, 1024));
        }
        System.out.println("published kernels, the innermost loop alone, without output stage and tails:");
        for (Published one : PUBLISHED) {
            System.out.println(new Count(one.where(), "one turn", one.instructions(), one.products()));
        }
    }
}

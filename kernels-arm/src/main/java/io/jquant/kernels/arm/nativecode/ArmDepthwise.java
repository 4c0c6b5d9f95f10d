// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.jquant.kernels.common.CodeStage;
import io.jquant.kernels.common.DepthwiseBlock;
import io.jquant.kernels.common.DepthwiseKernel;
import io.jquant.kernels.common.DepthwiseShape;
import java.lang.foreign.MemorySegment;

/** Depthwise convolutions: columns where there are dot products and code for the window, else tap after tap. */
final class ArmDepthwise implements DepthwiseKernel {
    /** 50 microseconds or so. */
    private static final long MOST_PRODUCTS = 1L << 19;

    private final DepthwiseShape shape;
    private final CodeStage stage;
    private final Machine machine;
    private final ColumnsCode.Window window;
    private final boolean hasColumns;
    private final CodeMaker maker;
    // filled in as wanted; a race puts the same there
    private final MemorySegment[] code = new MemorySegment[DepthwiseCode.ROWS + 1];

    /** Tap after tap. */
    private enum Taps implements CodeMaker {
        NARROW, WIDE;

        @Override
        public GemmCode code(CodeStage stage, int rows) {
            return new TapsCode(stage, rows, this == NARROW);
        }
    }

    ArmDepthwise(DepthwiseShape shape, CodeStage stage, Way way, Machine machine) {
        this.shape = shape;
        this.stage = stage;
        this.machine = machine;
        // a step of the output must be one in taps
        boolean isEven = shape.strideWidth() % shape.dilationWidth() == 0;
        window = new ColumnsCode.Window(shape.kernel().height(), shape.kernel().width(),
                shape.strideWidth() / shape.dilationWidth(), way == Way.MATRIX);
        hasColumns = way != Way.WIDENING && shape.narrow() && shape.kernel().depth() == 1 && isEven && window.fits();
        maker = hasColumns ? window : shape.narrow() ? Taps.NARROW : Taps.WIDE;
    }

    @Override
    public int paddedChannels() {
        return panels() * DepthwiseCode.CHANNELS;
    }

    private int panels() {
        return Math.ceilDiv(shape.channels(), DepthwiseCode.CHANNELS);
    }

    @Override
    public long weightBytes() {
        return panels() * panelBytes();
    }

    private long panelBytes() {
        long bytes = hasColumns ? (long) window.columns() * ColumnsCode.COLUMN_BYTES
                : (long) shape.taps() * DepthwiseCode.CHANNELS * (shape.narrow() ? 1 : 2);
        return DepthwiseCode.LACKING_BYTES + bytes;
    }

    @Override
    public void pack(short[] weights, MemorySegment to) {
        for (int channel = 0; channel < shape.channels(); channel++) {
            long panel = channel / DepthwiseCode.CHANNELS * panelBytes();
            int within = channel % DepthwiseCode.CHANNELS;
            int lacking = 0;
            for (int tap = 0; tap < shape.taps(); tap++) {
                short weight = weights[tap * shape.channels() + channel];
                lacking += origin(tap) * weight;
                long at = panel + DepthwiseCode.LACKING_BYTES;
                if (maker == Taps.WIDE) {
                    to.set(JAVA_SHORT, at + 2L * (tap * DepthwiseCode.CHANNELS + within), weight);
                } else {
                    int byteAt = hasColumns ? inColumns(within, tap) : tap * DepthwiseCode.CHANNELS + within;
                    to.set(JAVA_BYTE, at + byteAt, (byte) weight);
                }
            }
            to.set(JAVA_INT, panel + (long) within * Integer.BYTES, lacking);
        }
    }

    private int inColumns(int channel, int tap) {
        int down = tap / window.width();
        int column = down / ColumnsCode.HEIGHT * window.width() + tap % window.width();
        return column * ColumnsCode.COLUMN_BYTES + channel * ColumnsCode.HEIGHT + down % ColumnsCode.HEIGHT;
    }

    /** What a tap's inputs lose. */
    private int origin(int tap) {
        if (hasColumns) {
            return window.mixed() ? 0 : DotCode.ORIGIN;
        }
        if (maker == Taps.WIDE) {
            return 0;
        }
        return tap % 2 == 0 ? WideningCode.FIRST_ORIGIN : WideningCode.LAST_ORIGIN;
    }

    @Override
    public boolean finishes() {
        return stage.output() != CodeStage.Output.RAW;
    }

    @Override
    public long mostProducts() {
        return MOST_PRODUCTS;
    }

    @Override
    public void run(DepthwiseBlock block) {
        MemorySegment arguments = block.scratch.kernel().atLeast(ArmArguments.bytes(shape.taps()));
        ArmArguments.writeOutput(arguments, block, stage, 0);
        ArmArguments.writeLargest(arguments, stage, block.stage);
        ArmArguments.writeImage(arguments, block);
        int rows = writeLoops(arguments, block.width);
        if (code[rows] == null) {
            code[rows] = KernelCode.of(maker, stage, rows);
        }
        MemorySegment output = finishes() ? block.output : block.sums;
        MemorySegment addend = stage.addend() == CodeStage.Addend.NONE ? MemorySegment.NULL : block.addend;
        machine.run(code[rows], block.input, output, addend, arguments, block.weights, block);
    }

    /** Writes how a line is cut into tiles and the taps into steps; returns the pixels of the larger tiles. */
    int writeLoops(MemorySegment arguments, int width) {
        arguments.set(JAVA_LONG, ArmArguments.PANELS, panels());
        arguments.set(JAVA_LONG, ArmArguments.PANEL_BYTES, panelBytes());
        int together = shape.narrow() ? 2 : 1;
        arguments.set(JAVA_LONG, ArmArguments.UNROLLED_STEPS, shape.taps() / together);
        arguments.set(JAVA_LONG, ArmArguments.TAIL_BYTES, shape.taps() % together);
        return ArmArguments.writeTiles(arguments, width, DepthwiseCode.ROWS);
    }

    /** The code's bytes, for tiles of some pixels and of one fewer. */
    byte[] assemble(int rows) {
        return maker.code(stage, rows).assemble();
    }
}

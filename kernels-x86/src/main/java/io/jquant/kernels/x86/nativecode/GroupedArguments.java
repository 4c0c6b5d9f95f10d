// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jquant.kernels.common.BlockArguments;
import io.jquant.kernels.common.GroupedBlock;
import io.jquant.kernels.common.GroupedLayout;
import java.lang.foreign.MemorySegment;

/** What {@link GroupedCode} is told: where each number lies, integers of 64 bits, bounds f32; rows as elsewhere. */
final class GroupedArguments {
    static final int ROWS = BlockArguments.A;
    static final int ROW_STRIDE = BlockArguments.A_STRIDE;
    static final int OUTPUT = BlockArguments.OUTPUT;
    static final int OUTPUT_STRIDE = BlockArguments.OUTPUT_STRIDE;
    static final int WEIGHTS = BlockArguments.B;
    static final int PANEL_BYTES = BlockArguments.PANEL_BYTES;
    static final int PANELS = BlockArguments.PANELS;
    static final int BIAS = BlockArguments.BIAS;
    static final int HIGH_TILES = BlockArguments.HIGH_TILES;
    static final int LOW_TILES = BlockArguments.LOW_TILES;
    static final int COUNT = BlockArguments.COUNT;
    static final int LOW = BlockArguments.LOW;
    static final int HIGH = BlockArguments.HIGH;
    static final int GROUPS = BlockArguments.END;
    static final int BYTES = GROUPS + Long.BYTES;

    private GroupedArguments() {
    }

    /** Writes what a block says; returns the rows of the larger tiles. */
    static int write(MemorySegment to, GroupedBlock block, int maxRows) {
        GroupedLayout layout = block.weights.layout();
        long weights = block.weights.segment().address();
        to.set(JAVA_LONG, ROWS, block.rowsOffset);
        to.set(JAVA_LONG, ROW_STRIDE, layout.rowBytes());
        to.set(JAVA_LONG, OUTPUT, block.outputOffset);
        to.set(JAVA_LONG, OUTPUT_STRIDE, block.outputStride);
        to.set(JAVA_LONG, WEIGHTS, weights + block.weights.panelOffset(block.firstPanel));
        to.set(JAVA_LONG, PANEL_BYTES, layout.panelBytes());
        to.set(JAVA_LONG, PANELS, block.panels);
        to.set(JAVA_LONG, BIAS, weights + block.weights.biasOffset(block.firstPanel));
        to.set(JAVA_LONG, GROUPS, layout.groups());
        to.set(JAVA_FLOAT, LOW, block.min);
        to.set(JAVA_FLOAT, HIGH, block.max);
        return BlockArguments.writeTiles(to, block.rowCount, maxRows);
    }
}

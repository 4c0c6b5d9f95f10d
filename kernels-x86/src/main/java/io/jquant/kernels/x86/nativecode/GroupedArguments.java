// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.kernels.common.BlockArguments;

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
    static final int GROUPS = BlockArguments.UNROLLED_STEPS;

    private GroupedArguments() {
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jquant.kernels.common.BlockArguments;
import io.jquant.kernels.common.GroupedBlock;
import io.jquant.kernels.common.GroupedKernel;
import io.jquant.kernels.common.GroupedLayout;
import io.jquant.kernels.common.Scratch;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** Layers with weights of 4 bits by machine code. */
final class NativeGrouped implements GroupedKernel {
    private final GroupedDot dot;
    private final Machine machine;
    private final MemorySegment rowsCode;
    // filled in as wanted; a race puts the same there
    private final MemorySegment[][] code;

    NativeGrouped(GroupedDot dot, int groupSize, boolean zeroPoints, Machine machine) {
        this.dot = dot;
        this.machine = machine;
        this.code = new MemorySegment[2][dot.rows() + 1];
        this.rowsCode = KernelCode.groupRows(new GroupRowsCode.Shape(groupSize, zeroPoints));
    }

    @Override
    public int columns() {
        return dot.columns();
    }

    /** AVX2 alone does not promise the conversion. */
    @Override
    public boolean readsHalves() {
        return dot == GroupedDot.AVX512_VNNI;
    }

    @Override
    public void quantize(GroupedLayout layout, MemorySegment input, long inputOffset, int groups, MemorySegment rows,
            long rowsOffset, Scratch scratch) {
        if (groups == 0) {
            return;
        }
        MemorySegment arguments = scratch.kernel().atLeast(GroupRowsCode.BYTES);
        arguments.set(JAVA_LONG, GroupRowsCode.FROM, inputOffset);
        arguments.set(JAVA_LONG, GroupRowsCode.TO, rowsOffset);
        arguments.set(JAVA_LONG, GroupRowsCode.GROUPS, groups);
        machine.run(rowsCode, input, rows, MemorySegment.NULL, arguments);
    }

    @Override
    public void run(GroupedBlock block) {
        MemorySegment arguments = block.scratch.kernel().atLeast(GroupedArguments.BYTES);
        int rows = BlockArguments.writeGrouped(arguments, block, dot.rows());
        GroupedLayout layout = block.weights.layout();
        MemorySegment[] made = code[layout.halves() ? 1 : 0];
        if (made[rows] == null) {
            made[rows] = KernelCode.grouped(new GroupedCode.Shape(dot, layout.groupSize(), layout.zeroPoints(),
                    layout.halves(), rows));
        }
        try {
            machine.run(made[rows], block.rows, block.output, MemorySegment.NULL, arguments);
        } finally {
            // weights were passed as an address
            Reference.reachabilityFence(block);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.kernels.common.CodeGrouped;
import java.lang.foreign.MemorySegment;

/** Layers with weights of 4 bits by machine code. */
final class NativeGrouped extends CodeGrouped {
    private final GroupedDot dot;
    private final int groupSize;
    private final boolean zeroPoints;

    NativeGrouped(GroupedDot dot, int groupSize, boolean zeroPoints, Machine machine) {
        super(machine, KernelCode.groupRows(new GroupRowsCode.Shape(groupSize, zeroPoints)), dot.columns(),
                dot.rows());
        this.dot = dot;
        this.groupSize = groupSize;
        this.zeroPoints = zeroPoints;
    }

    /** AVX2 alone does not promise the conversion. */
    @Override
    public boolean readsHalves() {
        return dot == GroupedDot.AVX512_VNNI;
    }

    @Override
    protected MemorySegment code(boolean halves, int rows) {
        return KernelCode.grouped(new GroupedCode.Shape(dot, groupSize, zeroPoints, halves, rows));
    }
}

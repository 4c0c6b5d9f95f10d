// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.kernels.common.PoolBlock;
import io.jquant.kernels.common.PoolKernel;
import java.lang.foreign.MemorySegment;

/** Poolings by machine code. */
final class NativePool implements PoolKernel {
    private final PoolShape shape;
    private final int[] numbers;
    private final int zero;

    NativePool(PoolShape shape, ElementNumbers numbers) {
        this.shape = shape;
        this.numbers = numbers.bits();
        this.zero = numbers.bits()[ElementNumber.LEFT_ZERO.ordinal()];
    }

    @Override
    public void run(PoolBlock block) {
        MemorySegment arguments = block.scratch.kernel().atLeast(PoolArguments.bytes(block));
        PoolArguments.write(arguments, block, numbers);
        if (shape.mean()) {
            PoolArguments.writeMean(arguments, block, zero);
        }
        NativeCall.run(KernelCode.pool(shape, block.channels), block.input, block.output, MemorySegment.NULL,
                arguments);
    }
}

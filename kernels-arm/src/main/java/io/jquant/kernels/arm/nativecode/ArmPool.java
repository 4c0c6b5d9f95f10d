// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import io.jquant.kernels.common.CodeStage;
import io.jquant.kernels.common.ElementNumbers;
import io.jquant.kernels.common.PoolArguments;
import io.jquant.kernels.common.PoolBlock;
import io.jquant.kernels.common.PoolKernel;
import java.lang.foreign.MemorySegment;

/** Poolings by machine code. */
final class ArmPool implements PoolKernel {
    private final Machine machine;
    private final PoolShape shape;
    private final ElementNumbers<?> numbers;
    private final int zeroPoint;
    private final MemorySegment code;

    /**
     * @param machine what runs the code
     * @param shape what the code depends on
     * @param numbers the numbers, but for those of a block
     * @param zeroPoint the zero point of the input
     */
    ArmPool(Machine machine, PoolShape shape, ElementNumbers<?> numbers, int zeroPoint) {
        this.machine = machine;
        this.shape = shape;
        this.numbers = numbers;
        this.zeroPoint = zeroPoint;
        this.code = KernelCode.of(shape, CodeStage.RAW, 1);
    }

    @Override
    public void run(PoolBlock block) {
        MemorySegment arguments = block.scratch.kernel().atLeast(PoolArguments.bytes(block));
        PoolArguments.write(arguments, block, numbers);
        if (shape.mean()) {
            PoolArguments.writeMean(arguments, block, zeroPoint, ElementNumber.LEFT_SCALE.place(),
                    ElementNumber.FACTOR.place());
        }
        machine.run(code, block.input, block.output, MemorySegment.NULL, arguments);
    }
}

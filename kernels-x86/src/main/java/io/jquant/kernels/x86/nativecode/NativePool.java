// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.kernels.common.ElementNumbers;
import io.jquant.kernels.common.ElementShape.Element;
import io.jquant.kernels.common.PoolArguments;
import io.jquant.kernels.common.PoolBlock;
import io.jquant.kernels.common.PoolKernel;
import java.lang.foreign.MemorySegment;

/** Poolings by machine code. */
final class NativePool implements PoolKernel {
    private final PoolShape shape;
    private final ElementNumbers<?> numbers;
    private final int zeroPoint;
    private final Machine machine;
    private Codes codes = new Codes(0);

    /** The code for each kind of window, where it was wanted, of a number of channels. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Codes(int channels, MemorySegment... windows) {
        Codes(int channels) {
            this(channels, new MemorySegment[PoolShape.VARIANTS]);
        }
    }

    /**
     * @param shape what the code depends on, but for sizes
     * @param numbers the numbers, but for those of a block
     * @param zeroPoint the zero point of the input
     * @param machine what runs the code
     */
    NativePool(PoolShape shape, ElementNumbers<?> numbers, int zeroPoint, Machine machine) {
        this.machine = machine;
        this.shape = shape;
        this.numbers = numbers;
        // the code adds bytes as u8
        this.zeroPoint = zeroPoint + (shape.input() == Element.S8 ? 128 : 0);
    }

    @Override
    public void run(PoolBlock block) {
        MemorySegment arguments = block.scratch.kernel().atLeast(PoolArguments.bytes(block));
        PoolArguments.write(arguments, block, numbers);
        if (shape.mean()) {
            PoolArguments.writeMean(arguments, block, zeroPoint, ElementNumber.LEFT_ZERO.place(),
                    ElementNumber.FACTOR.place());
        }
        machine.run(code(block), block.input, block.output, MemorySegment.NULL, arguments);
    }

    /** Threads may meet here: at worst each of them asks for the code once. */
    private MemorySegment code(PoolBlock block) {
        Codes made = codes;
        if (made.channels != block.channels) {
            made = new Codes(block.channels);
            codes = made;
        }
        int variant = PoolShape.variant(block);
        MemorySegment code = made.windows[variant];
        if (code == null) {
            code = KernelCode.pool(shape.of(block));
            made.windows[variant] = code;
        }
        return code;
    }
}

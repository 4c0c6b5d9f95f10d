// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import io.jquant.kernels.common.CodeElements;
import io.jquant.kernels.common.CodeStage;
import io.jquant.kernels.common.ElementNumbers;
import io.jquant.kernels.common.ElementShape;
import io.jquant.kernels.common.ElementShape.Element;
import io.jquant.kernels.common.ElementShape.Function;
import io.jquant.kernels.common.PoolKernel;
import io.jquant.kernels.common.RangeKernel;
import java.lang.foreign.MemorySegment;

/** The operators around products as machine code. */
final class ArmElements extends CodeElements {
    /** An element, as the code goes on by sixteen, four or one. */
    private static final int STEP = 1;

    private final Machine machine;

    /** @param machine what runs the code */
    ArmElements(Machine machine) {
        super(machine, STEP);
        this.machine = machine;
    }

    @Override
    protected ArmNumbers numbers() {
        return new ArmNumbers();
    }

    @Override
    protected MemorySegment code(ElementShape shape) {
        return KernelCode.of(new Elements(shape), CodeStage.RAW, 1);
    }

    private record Elements(ElementShape shape) implements CodeMaker {
        @Override
        public Code code(CodeStage stage, int rows) {
            return new ElementCode(shape);
        }
    }

    @Override
    protected PoolKernel pool(boolean mean, Element input, Element output, ElementNumbers<?> numbers, int zeroPoint) {
        return new ArmPool(machine, new PoolShape(mean, input == Element.S8), numbers, zeroPoint);
    }

    @Override
    public RangeKernel table(byte[] table) {
        return range(ElementShape.of(Element.U8, Function.TABLE, Element.U8), numbers(),
                MemorySegment.ofArray(table));
    }
}

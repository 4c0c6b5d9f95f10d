// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.DataType;
import io.jquant.kernels.common.ByteBounds;
import io.jquant.kernels.common.CodeElements;
import io.jquant.kernels.common.ElementNumbers;
import io.jquant.kernels.common.ElementShape;
import io.jquant.kernels.common.ElementShape.Element;
import io.jquant.kernels.common.ElementShape.Function;
import io.jquant.kernels.common.PoolKernel;
import io.jquant.kernels.common.RangeKernel;
import io.jquant.kernels.portable.Affine;
import java.lang.foreign.MemorySegment;

/** The operators around products as machine code. */
final class NativeElements extends CodeElements {
    private final Machine machine;
    private final boolean wide;
    private final boolean permutesBytes;

    /**
     * @param machine what runs the code
     * @param wide whether there are 512 bits
     * @param permutesBytes whether there are 512 bits and permutations of bytes
     */
    NativeElements(Machine machine, boolean wide, boolean permutesBytes) {
        super(machine, ElementVectors.bytes(wide));
        this.machine = machine;
        this.wide = wide;
        this.permutesBytes = permutesBytes;
    }

    @Override
    protected NativeNumbers numbers() {
        return new NativeNumbers();
    }

    @Override
    protected MemorySegment code(ElementShape shape) {
        return KernelCode.elements(new ElementCode.Shape(shape, wide, permutesBytes));
    }

    @Override
    protected PoolKernel pool(boolean mean, Element input, Element output, ElementNumbers<?> numbers, int zeroPoint) {
        return new NativePool(PoolShape.of(wide, mean, input, output), numbers, zeroPoint, machine);
    }

    /** Neither what is beyond integers, nor infinities or NaN. */
    @Override
    protected boolean knows(float most) {
        return most < 0x1p31f;
    }

    @Override
    public RangeKernel conversion(Affine from, Affine to) {
        if (isBytes(from) && isBytes(to) && (permutesBytes || !knows(255 * from.scale() * (1.0f / to.scale())))) {
            return table(from.requantization(to));
        }
        return super.conversion(from, to);
    }

    private static boolean isBytes(Affine element) {
        return element != null && element.type() != DataType.S32;
    }

    @Override
    public RangeKernel copy() {
        return clamp(new ByteBounds(0, 255, false));
    }

    private RangeKernel clamp(ByteBounds bounds) {
        Element element = bounds.signed() ? Element.S8 : Element.U8;
        return range(ElementShape.of(element, Function.CLAMP, element),
                numbers().integer(ElementNumber.SMALLEST, bounds.low()).integer(ElementNumber.LARGEST, bounds.high()),
                MemorySegment.NULL);
    }

    @Override
    public RangeKernel table(byte[] table) {
        ByteBounds bounds = ByteBounds.of(table);
        return bounds != null ? clamp(bounds)
                : range(ElementShape.of(Element.U8, Function.TABLE, Element.U8), numbers(),
                        MemorySegment.ofArray(TableCode.arrange(table, permutesBytes)));
    }
}

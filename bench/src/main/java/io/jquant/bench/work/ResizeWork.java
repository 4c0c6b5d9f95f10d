// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.work;

import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.Extent;
import io.jquant.ResizeSpec;
import io.jquant.Spatial;
import io.jquant.bench.measure.Subject;
import java.lang.foreign.MemorySegment;

/**
 * An image at twice its height and width, bilinear, NHWC, u8. Shapes are {@code HxWxC}.
 *
 * @param spec the resize
 * @param extent the image's size
 * @param input the image
 */
public record ResizeWork(ResizeSpec spec, Extent extent, MemorySegment input) implements ByteWork {
    static ResizeWork of(String shape) {
        int[] sizes = Operands.numbers(shape, 3);
        Extent extent = Extent.of(sizes[0], sizes[1]);
        return new ResizeWork(new ResizeSpec(ResizeSpec.Mode.BILINEAR, false, Extent.of(2 * sizes[0], 2 * sizes[1]),
                sizes[2], Operands.INPUT), extent, Operands.bytes(extent.volume() * sizes[2], 1));
    }

    @Override
    public long operations() {
        return spec.output().volume() * spec.channels();
    }

    @Override
    public long traffic() {
        return input.byteSize() + spec.output().volume() * spec.channels();
    }

    @Override
    public Subject on(Engine engine) {
        Spatial resize = engine.resize(spec);
        MemorySegment output = Operands.zeros(DataType.U8, spec.output().volume() * spec.channels());
        return Subject.of(() -> resize.run(1, extent, input, output), output, resize::close);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.work;

import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.Extent;
import io.jquant.Pooling;
import io.jquant.PoolingSpec;
import io.jquant.Spatial;
import io.jquant.Window;
import io.jquant.bench.measure.Subject;
import java.lang.foreign.MemorySegment;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pooling of one image, NHWC, u8. Shapes are {@code KxK[sS]_HxWxC}, without padding but for half of an odd kernel;
 * a kernel of the image's size is global.
 *
 * @param spec the pooling
 * @param window the window
 * @param extent the image's size
 * @param input the image
 */
public record PoolingWork(PoolingSpec spec, Window window, Extent extent, MemorySegment input) implements ByteWork {
    private static final Pattern SHAPE = Pattern.compile("(\\d+)x(\\d+)(?:s(\\d+))?_(\\d+)x(\\d+)x(\\d+)");

    static PoolingWork of(boolean max, String shape) {
        Matcher parts = SHAPE.matcher(shape);
        if (!parts.matches()) {
            throw new IllegalArgumentException("shape = " + shape + ": must be KxK[sS]_HxWxC");
        }
        int kernel = Integer.parseInt(parts.group(1));
        int stride = parts.group(3) == null ? 1 : Integer.parseInt(parts.group(3));
        Extent extent = Extent.of(Integer.parseInt(parts.group(4)), Integer.parseInt(parts.group(5)));
        int channels = Integer.parseInt(parts.group(6));
        int padding = kernel % 2 == 1 && kernel < extent.height() ? kernel / 2 : 0;
        Window window = Window.of(Extent.of(kernel, Integer.parseInt(parts.group(2))))
                .withStride(Extent.of(stride, stride)).withPadding(Extent.padding(padding, padding));
        Pooling pooling = max ? new Pooling.Max(window, false) : new Pooling.Average(window, false, true, 0);
        return new PoolingWork(new PoolingSpec(pooling, channels, Operands.INPUT, Operands.INPUT), window, extent,
                Operands.bytes(extent.volume() * channels, 1));
    }

    /** {@return the output's size} */
    public Extent outputExtent() {
        return spec.pooling().outputExtent(extent);
    }

    @Override
    public long operations() {
        return extent.volume() * spec.channels();
    }

    @Override
    public long traffic() {
        return (extent.volume() + outputExtent().volume()) * spec.channels();
    }

    @Override
    public Subject on(Engine engine) {
        Spatial pooling = engine.pooling(spec);
        MemorySegment output = Operands.zeros(DataType.U8, outputExtent().volume() * spec.channels());
        return Subject.of(() -> pooling.run(1, extent, input, output), output, pooling::close);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.work;

import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.LayerNormSpec;
import io.jquant.QuantizationParameters;
import io.jquant.RowWise;
import io.jquant.SoftmaxSpec;
import io.jquant.bench.measure.Subject;
import java.lang.foreign.MemorySegment;

/**
 * A function of whole rows, u8 to u8. Shapes are {@code ROWSxSIZE}.
 *
 * @param softmax whether softmax or layer norm
 * @param rows how many rows
 * @param size elements of a row
 * @param input the rows
 */
public record RowWork(boolean softmax, int rows, int size, MemorySegment input) implements ByteWork {
    /** Parameters of what softmax gives. */
    public static final QuantizationParameters PROBABILITY = QuantizationParameters.perTensor(DataType.U8, 1 / 256f, 0);
    /** Parameters of what layer norm gives. */
    public static final QuantizationParameters NORMAL = QuantizationParameters.perTensor(DataType.U8, 0.03f, 128);
    /** What layer norm adds to the variance. */
    public static final float EPSILON = 1e-5f;

    static RowWork of(boolean softmax, String shape) {
        int[] sizes = Operands.numbers(shape, 2);
        return new RowWork(softmax, sizes[0], sizes[1], Operands.bytes((long) sizes[0] * sizes[1], 1));
    }

    @Override
    public long operations() {
        return (long) rows * size;
    }

    @Override
    public long traffic() {
        return 2L * rows * size;
    }

    @Override
    public Subject on(Engine engine) {
        RowWise function = softmax ? engine.softmax(new SoftmaxSpec(size, Operands.INPUT, PROBABILITY))
                : engine.layerNorm(new LayerNormSpec(size, EPSILON, null, null, Operands.INPUT, NORMAL));
        MemorySegment output = Operands.zeros(DataType.U8, (long) rows * size);
        return Subject.of(() -> function.run(rows, input, output), output, function::close);
    }
}

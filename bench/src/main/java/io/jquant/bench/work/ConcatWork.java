// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.work;

import io.jquant.Concat;
import io.jquant.ConcatSpec;
import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.bench.measure.Subject;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Two tensors of different parameters side by side, u8. Shapes are {@code ROWSxLEFTxRIGHT}.
 *
 * @param rows rows of each
 * @param leftColumns columns of the first
 * @param rightColumns columns of the second
 * @param left the first, of the parameters {@link Operands#INPUT}
 * @param right the second, of the parameters {@link ElementwiseWork#OTHER}
 */
public record ConcatWork(int rows, int leftColumns, int rightColumns, MemorySegment left, MemorySegment right)
        implements ByteWork {
    static ConcatWork of(String shape) {
        int[] sizes = Operands.numbers(shape, 3);
        return new ConcatWork(sizes[0], sizes[1], sizes[2], Operands.bytes((long) sizes[0] * sizes[1], 1),
                Operands.bytes((long) sizes[0] * sizes[2], 2));
    }

    @Override
    public long operations() {
        return left.byteSize() + right.byteSize();
    }

    @Override
    public long traffic() {
        return 2 * operations();
    }

    @Override
    public Subject on(Engine engine) {
        Concat concat = engine.concat(new ConcatSpec(List.of(Operands.INPUT, ElementwiseWork.OTHER), Operands.INPUT));
        MemorySegment output = Operands.zeros(DataType.U8, operations());
        long[] columns = {leftColumns, rightColumns};
        List<MemorySegment> inputs = List.of(left, right);
        return Subject.of(() -> concat.run(rows, columns, inputs, output), output, concat::close);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.work;

import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.Epilogue;
import io.jquant.Matmul;
import io.jquant.MatmulSpec;
import io.jquant.MatrixBatch;
import io.jquant.QuantizationParameters;
import io.jquant.bench.measure.Subject;
import java.lang.foreign.MemorySegment;

/**
 * Products of matrices that both are known only when they run, as attention has them, u8 x s8 to u8. Shapes are
 * {@code BxMxNxK}: products, rows, columns, terms.
 *
 * @param spec the product
 * @param shape sizes and strides
 * @param left the left operands
 * @param right the right operands
 */
public record MatmulWork(MatmulSpec spec, MatrixBatch shape, MemorySegment left, MemorySegment right)
        implements ProductWork {
    static MatmulWork of(String shape) {
        int[] bmnk = Operands.numbers(shape, 4);
        MatrixBatch sizes = MatrixBatch.contiguous(bmnk[0], bmnk[1], bmnk[3], bmnk[2]);
        MatmulSpec spec = new MatmulSpec(Operands.INPUT, QuantizationParameters.perTensor(DataType.S8, 0.01f, 0),
                Epilogue.quantized(Operands.output(bmnk[3])));
        return new MatmulWork(spec, sizes, Operands.bytes((long) bmnk[0] * bmnk[1] * bmnk[3], 1),
                Operands.bytes((long) bmnk[0] * bmnk[2] * bmnk[3], 2));
    }

    @Override
    public long operations() {
        return 2 * shape.batch() * shape.m() * shape.n() * shape.k();
    }

    @Override
    public Bound bound() {
        return new Arithmetic();
    }

    @Override
    public long traffic() {
        return left.byteSize() + right.byteSize() + shape.batch() * shape.m() * shape.n();
    }

    @Override
    public Subject on(Engine engine) {
        Matmul matmul = engine.matmul(spec);
        MemorySegment output = Operands.zeros(DataType.U8, shape.batch() * shape.m() * shape.n());
        return Subject.of(() -> matmul.run(shape, left, right, output), output, matmul::close);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.Bias;
import io.jquant.DataType;
import io.jquant.EngineOptions;
import io.jquant.Epilogue;
import io.jquant.Matmul;
import io.jquant.MatmulSpec;
import io.jquant.MatrixBatch;
import io.jquant.QuantizationParameters;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Products of two matrices that are known only when they run. */
public abstract class MatmulCases extends EngineCases {
    protected MatmulCases(EngineOptions options) {
        super(options);
    }

    @Test
    void computesByHand() {
        MatmulSpec spec = new MatmulSpec(QuantizationParameters.perTensor(DataType.U8, 1, 1),
                QuantizationParameters.perTensor(DataType.S8, 1, -1), Epilogue.accumulators());
        int[] output = new int[4];
        try (Matmul matmul = engine().matmul(spec)) {
            matmul.run(MatrixBatch.contiguous(1, 2, 2, 2), MemorySegment.ofArray(new byte[] {2, 3, 0, (byte) 255}),
                    MemorySegment.ofArray(new byte[] {4, -6, 9, -128}), MemorySegment.ofArray(output));
        }
        // [1 2; -1 254] times [5 -5; 10 -127]
        assertArrayEquals(new int[] {25, -259, 2535, -32253}, output);
    }

    @Test
    void acceptsEmptyBatchesAndMatrices() {
        MatmulSpec spec = new MatmulSpec(QuantizationParameters.perTensor(DataType.U8, 1, 1),
                QuantizationParameters.perTensor(DataType.S8, 1, -1), Epilogue.accumulators());
        int[] output = {7};
        try (Matmul matmul = engine().matmul(spec)) {
            MemorySegment none = MemorySegment.ofArray(new byte[0]);
            matmul.run(MatrixBatch.contiguous(0, 2, 2, 2), none, none, MemorySegment.ofArray(output));
            matmul.run(MatrixBatch.contiguous(1, 0, 2, 2), none, new Samples(0).bytes(4),
                    MemorySegment.ofArray(output));
        }
        assertArrayEquals(new int[] {7}, output);
    }

    @Test
    void equalsBruteForce() {
        for (long seed = 0; seed < 60; seed++) {
            check(new Samples(seed), "seed " + seed);
        }
    }

    private void check(Samples samples, String message) {
        int m = samples.upTo(9);
        int k = samples.upTo(70);
        int n = samples.upTo(35);
        int left = k + samples.random().nextInt(4);
        int right = n + samples.random().nextInt(4);
        int output = n + samples.random().nextInt(4);
        MatrixBatch shape = new MatrixBatch(samples.upTo(3), m, k, n,
                samples.random().nextBoolean() ? 0 : (long) m * left, left,
                samples.random().nextBoolean() ? 0 : (long) k * right, right, (long) m * output, output);
        QuantizationParameters a = samples.perTensor();
        QuantizationParameters b = samples.perTensor();
        MatmulSpec spec = new MatmulSpec(a, b,
                samples.epilogue(a.scale() * b.scale() * 80 * 80 * Math.sqrt(k), false));
        MemorySegment x = samples.bytes((shape.batch() - 1) * shape.leftBatch() + (m - 1L) * left + k);
        MemorySegment y = samples.bytes((shape.batch() - 1) * shape.rightBatch() + (k - 1L) * right + n);
        DataType type = spec.epilogue().type();
        Guarded z = new Guarded(samples.random(),
                type.bytes((shape.batch() - 1) * shape.outputBatch() + (m - 1L) * output + n));
        try (Matmul matmul = engine().matmul(spec)) {
            matmul.run(shape, x, y, z.segment());
        }
        z.assertUntouched(type.bytes(n), type.bytes(output), message);
        for (long i = 0; i < shape.batch() * m * n; i++) {
            long matrix = i / n / m;
            long row = i / n % m;
            long column = i % n;
            long element = i;
            long sum = 0;
            for (int j = 0; j < k; j++) {
                sum += BruteForce.distance(a, 0, x, matrix * shape.leftBatch() + row * left + j)
                        * BruteForce.distance(b, 0, y, matrix * shape.rightBatch() + j * (long) right + column);
            }
            assertEquals(BruteForce.element(engine().numerics(), a, b, 0, spec.epilogue(), Bias.none(), sum, 0),
                    BruteForce.stored(type, z.segment(), matrix * shape.outputBatch() + row * output + column),
                    () -> message + ", element " + element + ", " + spec + ", " + shape);
        }
    }
}

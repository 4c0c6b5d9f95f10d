// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.Epilogue;
import io.jquant.Matmul;
import io.jquant.MatmulSpec;
import io.jquant.MatrixBatch;
import io.jquant.graph.Node;
import java.util.Arrays;

/** Products of two matrices that both are known only while a model runs. */
final class ProductLowering {
    private ProductLowering() {
    }

    /** Lowers MatMul; returns null, or why it cannot be. */
    static String matmul(Lowering lowering, Pattern pattern) {
        Node node = pattern.core();
        Operand left = lowering.values().operand(node.input(0));
        Operand right = lowering.values().operand(node.input(1));
        if (left == null || right == null || !pattern.bias().isEmpty()) {
            return "an operand is not quantized";
        }
        int rank = lowering.rank(left);
        if (rank < 2 || lowering.rank(right) != rank) {
            return "the operands' numbers of axes differ";
        }
        for (int i = 0; i < rank - 2; i++) {
            if (!lowering.values().shape(node.input(0)).dim(i).sameAs(lowering.values().shape(node.input(1)).dim(i))) {
                return "one product is repeated, or it is not known whether";
            }
        }
        Matmul operator = lowering.keep(lowering.engine().matmul(new MatmulSpec(left.parameters(), right.parameters(),
                Epilogue.quantized(pattern.output()).with(pattern.activation()))));
        int a = lowering.slot(left, Layout.PLAIN);
        int b = lowering.slot(right, Layout.PLAIN);
        int to = lowering.define(pattern.target(), Layout.PLAIN);
        lowering.add(frame -> run(operator, frame, a, b, to), to, a, b);
        return null;
    }

    private static void run(Matmul operator, Frame frame, int left, int right, int to) {
        Buffer a = frame.buffer(left);
        Buffer b = frame.buffer(right);
        int rank = a.shape().length;
        int k = a.shape()[rank - 1];
        if (b.shape()[rank - 2] != k || a.product(0, rank - 2) != b.product(0, rank - 2)) {
            throw new IllegalArgumentException("operands " + Arrays.toString(a.shape()) + " and "
                    + Arrays.toString(b.shape()) + ": must be matrices that go together");
        }
        int[] shape = a.shape().clone();
        shape[rank - 1] = b.shape()[rank - 1];
        operator.run(MatrixBatch.contiguous(a.product(0, rank - 2), shape[rank - 2], k, shape[rank - 1]), a.data(),
                b.data(), frame.allocate(to, shape).data());
    }
}

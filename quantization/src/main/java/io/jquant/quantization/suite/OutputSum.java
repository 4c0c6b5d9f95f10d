// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.suite;

import io.jquant.graph.Tensor;
import java.util.Map;

/** Adds up how near outputs are to those of the float model. Not thread-safe. */
final class OutputSum {
    private final ErrorSum errors = new ErrorSum();
    private long rows;
    private long same;

    /** Takes the outputs of a batch into account. */
    void add(Map<String, Tensor> exact, Map<String, Tensor> actual) {
        boolean first = true;
        for (Map.Entry<String, Tensor> output : exact.entrySet()) {
            Tensor x = output.getValue();
            Tensor y = actual.get(output.getKey());
            errors.add(output.getKey(), x, y);
            if (first && x.rank() > 0 && x.dim(x.rank() - 1) > 1) {
                agree(x, y, x.dim(x.rank() - 1));
            }
            first = false;
        }
    }

    private void agree(Tensor x, Tensor y, int width) {
        for (int from = 0; from < x.count(); from += width) {
            rows++;
            same += largest(x, from, width) == largest(y, from, width) ? 1 : 0;
        }
    }

    private static int largest(Tensor values, int from, int width) {
        int best = 0;
        for (int i = 1; i < width; i++) {
            best = values.getDouble(from + i) > values.getDouble(from + best) ? i : best;
        }
        return best;
    }

    Quality result() {
        TensorError error = errors.result();
        return new Quality(rows == 0 ? Double.NaN : (double) same / rows, error.sqnr(), error.relativeRms());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * A data set in batches that a model takes.
 *
 * @param data the samples
 * @param size samples at once; the last batch may have fewer
 */
record Batches(DataSet data, int size) implements Iterable<Map<String, Tensor>> {
    /** Batches of the size that the model's inputs fix, or else of the size wanted. */
    static Batches of(DataSet data, List<ValueInfo> inputs, int wanted) {
        long fixed = 0;
        for (ValueInfo input : inputs) {
            if (input.shape().isRanked() && input.shape().rank() > 0 && input.shape().dim(0).isKnown()) {
                fixed = input.shape().dim(0).value();
            }
        }
        if (fixed > 0 && data.size() % fixed != 0) {
            throw new UsageException("the model takes " + fixed + " samples at once: their number must be a multiple, "
                    + "and is " + data.size() + "; use --limit");
        }
        return new Batches(data, fixed > 0 ? Math.toIntExact(fixed) : wanted);
    }

    @Override
    public Iterator<Map<String, Tensor>> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < data.size();
            }

            @Override
            public Map<String, Tensor> next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                int count = Math.min(size, data.size() - next);
                try {
                    Map<String, Tensor> batch = data.batch(next, count);
                    next += count;
                    return batch;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }
}

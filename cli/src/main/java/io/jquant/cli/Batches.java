// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.lowering.ModelRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
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
    /** Batches of the size that the model's inputs fix, all the same one, or else of the size wanted. */
    static Batches of(DataSet data, List<ValueInfo> inputs, int wanted) {
        ValueInfo fixing = null;
        for (ValueInfo input : inputs) {
            if (fixedSamples(input) > 0 && fixing != null && fixedSamples(input) != fixedSamples(fixing)) {
                throw new UsageException("input " + input.name() + " takes " + fixedSamples(input)
                        + " samples at once, and input " + fixing.name() + " takes " + fixedSamples(fixing)
                        + ": the first axis of every input must be the samples");
            }
            fixing = fixing == null && fixedSamples(input) > 0 ? input : fixing;
        }
        long fixed = fixing == null ? 0 : fixedSamples(fixing);
        if (fixed > 0 && data.size() % fixed != 0) {
            throw new UsageException("the model takes " + fixed + " samples at once: their number must be a multiple, "
                    + "and is " + data.size() + "; use --limit");
        }
        return new Batches(data, fixed > 0 ? Math.toIntExact(fixed) : wanted);
    }

    /** How many samples an input takes at once, 0 if it leaves that open. */
    private static long fixedSamples(ValueInfo input) {
        boolean known = input.shape().isRanked() && input.shape().rank() > 0 && input.shape().dim(0).isKnown();
        return known ? input.shape().dim(0).value() : 0;
    }

    /** What is done with a batch. */
    @FunctionalInterface
    interface Action {
        /**
         * Does it.
         *
         * @param batch every input by name
         * @param done how many samples are done with this batch
         */
        void accept(Map<String, Tensor> batch, int done) throws IOException;
    }

    /** Does something with every batch from a sample on, while the next ones are read on another thread. */
    void each(int first, Action action) throws IOException {
        try (Prefetch<Map<String, Tensor>> next = prefetch(first)) {
            int done = first;
            while (next.hasNext()) {
                Map<String, Tensor> batch = next.next();
                done = Math.min(data.size(), done + size);
                action.accept(batch, done);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** The batches from a sample on, read ahead on another thread; to be closed. */
    Prefetch<Map<String, Tensor>> prefetch(int first) {
        return new Prefetch<>(iterator(first));
    }

    /** Runs a model on every batch and puts its outputs one after the other. */
    static Map<String, Tensor> runAll(ModelRunner model, Batches batches) throws IOException {
        Map<String, List<Tensor>> parts = new LinkedHashMap<>();
        batches.each(0, (batch, done) -> model.run(batch).forEach((name, part) ->
                parts.computeIfAbsent(name, key -> new ArrayList<>()).add(part)));
        Map<String, Tensor> whole = new LinkedHashMap<>();
        for (Map.Entry<String, List<Tensor>> entry : parts.entrySet()) {
            whole.put(entry.getKey(), join(entry.getKey(), entry.getValue()));
        }
        return whole;
    }

    private static Tensor join(String name, List<Tensor> parts) throws IOException {
        Tensor first = parts.getFirst();
        if (parts.size() == 1) {
            return first;
        }
        long[] shape = first.shape();
        long samples = 0;
        for (Tensor part : parts) {
            if (part.rank() == 0 || part.type() != first.type()
                    || (long) part.count() * first.dim(0) != (long) first.count() * part.dim(0)) {
                throw new IOException("output " + name + " is " + part + " after " + first
                        + ": its first axis must be the samples; use a --batch that holds them all");
            }
            samples += part.dim(0);
        }
        shape[0] = samples;
        Tensor joined = Tensor.allocate(first.type(), shape);
        long at = 0;
        for (Tensor part : parts) {
            MemorySegment.copy(part.segment(), 0, joined.segment(), at, part.byteSize());
            at += part.byteSize();
        }
        return joined;
    }

    @Override
    public Iterator<Map<String, Tensor>> iterator() {
        return iterator(0);
    }

    private Iterator<Map<String, Tensor>> iterator(int first) {
        return new Iterator<>() {
            private int next = first;

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

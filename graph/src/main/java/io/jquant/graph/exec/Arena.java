// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.exec;

import io.jquant.DataType;
import io.jquant.graph.Node;
import io.jquant.graph.OperatorException;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** The arrays of one run, which the tensors in between share one after the other. Not thread-safe. */
final class Arena {
    private final long limit;
    private final Map<DataType, List<Tensor>> free = new EnumMap<>(DataType.class);
    /** The whole of each array that can come back, by array. */
    private final IdentityHashMap<Object, Tensor> owned = new IdentityHashMap<>();
    private long held;

    Arena(long limit) {
        this.limit = limit;
    }

    /** A tensor whose elements are not set, in an array that was released before if there is one. */
    Tensor take(DataType type, long[] shape, Node what) {
        int count = Tensor.count(shape);
        List<Tensor> candidates = free.getOrDefault(type, List.of());
        Tensor best = null;
        for (Tensor candidate : candidates) {
            if (candidate.count() >= count && (best == null || candidate.count() < best.count())) {
                best = candidate;
            }
        }
        // an array more than four times too large waits for a larger tensor
        if (best != null && best.count() / 4 <= count) {
            candidates.remove(best);
            return Tensor.of(type, best.array(), shape);
        }
        charge(type, shape, what);
        Tensor made = Tensor.allocate(type, shape);
        owned.put(made.array(), made);
        return made;
    }

    /** Counts a tensor's memory, until the end of the run if it does not come back. */
    void charge(DataType type, long[] shape, Node what) {
        long bytes = type.bytes(Tensor.count(shape));
        if (bytes > limit - held) {
            dropFree();
        }
        if (bytes > limit - held) {
            throw new OperatorException(what.describe() + ": needs a tensor " + type + Arrays.toString(shape) + " of "
                    + bytes + " bytes, with " + held + " held already: the limit is " + limit
                    + " (see io.jquant.graph.exec.Limits)");
        }
        held += bytes;
    }

    /** Leaves to the collector what waits for a use: sizes may differ from run to run. */
    private void dropFree() {
        for (List<Tensor> waiting : free.values()) {
            for (Tensor tensor : waiting) {
                owned.remove(tensor.array());
                held -= tensor.byteSize();
            }
        }
        free.clear();
    }

    /** Gives a tensor's array back. */
    void release(Tensor tensor) {
        Tensor whole = owned.get(tensor.array());
        free.computeIfAbsent(whole.type(), k -> new ArrayList<>()).add(whole);
    }

    /** Forgets what has left with the outputs. */
    void endRun() {
        held = owned.values().stream().mapToLong(Tensor::byteSize).sum();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.graph.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/** The values of one run. */
final class Frame {
    private final Map<String, Tensor> tensors = new HashMap<>();
    private final Buffer[] buffers;
    /** What each buffer was given, of which it may use less; null where it shares another's. */
    private final MemorySegment[] owned;
    private final Scratch scratch;

    Frame(Buffer[] constants, Scratch scratch) {
        this.buffers = constants.clone();
        this.owned = new MemorySegment[constants.length];
        this.scratch = scratch;
    }

    Buffer buffer(int slot) {
        return buffers[slot];
    }

    /** Memory for the value of a slot. */
    Buffer allocate(int slot, int... shape) {
        Buffer sizes = new Buffer(MemorySegment.NULL, shape);
        long bytes = sizes.elements();
        owned[slot] = scratch.take(bytes);
        buffers[slot] = new Buffer(owned[slot].asSlice(0, bytes), shape);
        return buffers[slot];
    }

    /** Makes a slot's value another's elements in another shape. */
    void share(int slot, int from, int... shape) {
        buffers[slot] = new Buffer(buffers[from].data(), shape);
    }

    /** Gives the memory of a slot back. */
    void release(int slot) {
        if (owned[slot] != null) {
            scratch.give(owned[slot]);
            owned[slot] = null;
        }
    }

    Tensor tensor(String name) {
        return tensors.get(name);
    }

    void put(String name, Tensor value) {
        tensors.put(name, value);
    }
}

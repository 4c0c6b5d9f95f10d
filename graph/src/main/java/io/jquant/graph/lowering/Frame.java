// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.DataType;
import io.jquant.graph.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The values of one run at a time. The first run finds out which values can lie in the same memory one after the other;
 * later ones put every value where it was, and find all that depends on sizes made already as long as these stay.
 */
final class Frame {
    private final Map<String, Tensor> tensors = new HashMap<>();
    /** Real values between steps, whose arrays the next run fills again. */
    private final Map<String, Tensor> reals = new HashMap<>();
    /** The values that leave the model. */
    private final Set<String> results;
    private final Buffer[] buffers;
    /** The memory of each slot, of which its value may use less; null where the slot has none of its own. */
    private final MemorySegment[] owned;
    /** For each slot the one in whose memory its value lies. */
    private final int[] root;
    /** How many slots that are still to be read lie in a slot's memory. */
    private final int[] users;
    private final Scratch scratch = new Scratch();
    private boolean placed;
    private boolean outgrown;

    Frame(Buffer[] constants, Set<String> results) {
        this.results = results;
        buffers = constants.clone();
        owned = new MemorySegment[constants.length];
        users = new int[constants.length];
        root = new int[constants.length];
        Arrays.setAll(root, slot -> slot);
    }

    Buffer buffer(int slot) {
        return buffers[slot];
    }

    /** Memory for the value of a slot, its contents not set. */
    Buffer allocate(int slot, int... shape) {
        Buffer before = buffers[slot];
        if (before != null && root[slot] == slot && Arrays.equals(before.shape(), shape)) {
            return before;
        }
        long bytes = Buffer.product(shape, 0, shape.length);
        if (owned[slot] == null || owned[slot].byteSize() < bytes) {
            // what lies where others lie at other times cannot grow
            owned[slot] = placed ? Scratch.fresh(bytes) : scratch.take(bytes);
            outgrown = placed;
            users[slot] = 1;
        }
        root[slot] = slot;
        buffers[slot] = new Buffer(owned[slot].asSlice(0, bytes), shape);
        return buffers[slot];
    }

    /** Whether a slot's value may lie in another's memory: that was so in the first run, or this is the first. */
    boolean canShare(int slot, int from) {
        return !placed || root[slot] == root[from];
    }

    /** Makes a slot's value another's elements in another shape. */
    void share(int slot, int from, int... shape) {
        Buffer before = buffers[slot];
        MemorySegment data = buffers[from].data();
        if (before != null && before.data().equals(data) && Arrays.equals(before.shape(), shape)) {
            return;
        }
        root[slot] = root[from];
        users[root[slot]]++;
        buffers[slot] = new Buffer(data, shape);
    }

    /** Says that nothing reads a slot any more. */
    void release(int slot) {
        int holder = root[slot];
        if (!placed && owned[holder] != null && --users[holder] == 0) {
            scratch.give(owned[holder]);
        }
    }

    /**
     * Ends a run: memory stays with the slots that have it, and what came from outside is forgotten. Returns whether
     * there should be another run; a frame whose values grew holds more memory than a new one would.
     */
    boolean endRun() {
        placed = true;
        tensors.clear();
        return !outgrown;
    }

    /** Memory for a real value, its contents not set: that of the last run, unless the value leaves the model. */
    Tensor real(String name, DataType type, long... shape) {
        if (results.contains(name)) {
            return Tensor.allocate(type, shape);
        }
        Tensor before = reals.get(name);
        if (before != null && before.type() == type && Arrays.equals(before.shape(), shape)) {
            return before;
        }
        Tensor made = Tensor.allocate(type, shape);
        reals.put(name, made);
        return made;
    }

    /** A value that leaves the model: a copy if it is another one's array in another shape, which a later run fills. */
    @SuppressWarnings("ReferenceEquality") // whether it is the same array, whatever is in it
    Tensor result(String name) {
        Tensor value = tensors.get(name);
        for (Tensor real : reals.values()) {
            if (value != null && real.array() == value.array()) {
                Tensor copy = Tensor.allocate(value.type(), value.shape());
                copy.segment().copyFrom(value.segment());
                return copy;
            }
        }
        return value;
    }

    Tensor tensor(String name) {
        return tensors.get(name);
    }

    void put(String name, Tensor value) {
        tensors.put(name, value);
    }
}

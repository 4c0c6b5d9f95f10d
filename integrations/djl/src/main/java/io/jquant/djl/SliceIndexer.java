// SPDX-License-Identifier: Apache-2.0
package io.jquant.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDArrayIndexer;
import ai.djl.ndarray.index.full.NDIndexFullPick;
import ai.djl.ndarray.index.full.NDIndexFullSlice;
import ai.djl.ndarray.index.full.NDIndexFullTake;
import io.jquant.graph.Tensor;
import java.lang.foreign.MemorySegment;

/** Parts of arrays: ranges, steps and single places along any axis, copied. */
final class SliceIndexer extends NDArrayIndexer {
    private final JquantNDManager manager;

    SliceIndexer(JquantNDManager manager) {
        this.manager = manager;
    }

    @Override
    public NDArray get(NDArray array, NDIndexFullSlice slice) {
        Tensor from = manager.from(array).tensor();
        Tensor to = Tensor.allocate(from.type(), slice.getShape().getShape());
        copy(from, 0, to, 0, 0, slice);
        return manager.wrap(to.reshape(slice.getSqueezedShape().getShape()));
    }

    /** Copies what is wanted of a part of the array, from an axis on. */
    private static void copy(Tensor from, long fromAt, Tensor to, long toAt, int axis, NDIndexFullSlice slice) {
        int element = from.type().bits() / 8;
        if (axis == from.rank()) {
            MemorySegment.copy(from.segment(), fromAt * element, to.segment(), toAt * element, element);
            return;
        }
        long fromStride = stride(from, axis);
        long toStride = stride(to, axis);
        long count = slice.getShape().get(axis);
        long first = slice.getMin()[axis];
        if (isWhole(from, axis + 1, slice) && slice.getStep()[axis] == 1) {
            MemorySegment.copy(from.segment(), (fromAt + first * fromStride) * element, to.segment(), toAt * element,
                    count * toStride * element);
            return;
        }
        for (long i = 0; i < count; i++) {
            copy(from, fromAt + (first + i * slice.getStep()[axis]) * fromStride, to, toAt + i * toStride, axis + 1,
                    slice);
        }
    }

    private static boolean isWhole(Tensor from, int firstAxis, NDIndexFullSlice slice) {
        boolean whole = true;
        for (int axis = firstAxis; axis < from.rank(); axis++) {
            whole &= slice.getShape().get(axis) == from.dim(axis) && slice.getStep()[axis] == 1;
        }
        return whole;
    }

    private static long stride(Tensor tensor, int axis) {
        long stride = 1;
        for (int i = axis + 1; i < tensor.rank(); i++) {
            stride *= tensor.dim(i);
        }
        return stride;
    }

    @Override
    public NDArray get(NDArray array, NDIndexFullPick pick) {
        throw BatchOperations.missing("pick");
    }

    @Override
    public NDArray get(NDArray array, NDIndexFullTake take) {
        throw BatchOperations.missing("take");
    }

    @Override
    public void set(NDArray array, NDIndexFullSlice slice, NDArray value) {
        throw BatchOperations.missing("set of a slice");
    }

    @Override
    public void set(NDArray array, NDIndexFullSlice slice, Number value) {
        throw BatchOperations.missing("set of a slice");
    }
}

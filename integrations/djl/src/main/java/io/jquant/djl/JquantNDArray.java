// SPDX-License-Identifier: Apache-2.0
package io.jquant.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrayAdapter;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.internal.NDArrayEx;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.jquant.graph.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;

/**
 * An array on the heap. It has what predicting needs: shapes, stacking and splitting of batches, conversions, softmax
 * and the largest element. Another function is the alternative engine's, if there is one.
 */
final class JquantNDArray extends NDArrayAdapter {
    private Tensor tensor;

    JquantNDArray(NDManager manager, NDManager alternativeManager, Tensor tensor) {
        super(manager, alternativeManager, new Shape(tensor.shape()), Types.theirs(tensor.type()),
                NDManager.nextUid());
        this.tensor = tensor;
        manager.attachInternal(uid, this);
        NDScope.register(this);
    }

    /**
     * The elements.
     *
     * @throws IllegalStateException if the array is closed
     */
    Tensor tensor() {
        if (isClosed) {
            throw new IllegalStateException("the array is closed");
        }
        return tensor;
    }

    private JquantNDArray made(Tensor elements) {
        return ((JquantNDManager) manager).wrap(elements);
    }

    @Override
    public void intern(NDArray replaced) {
        tensor = ((JquantNDArray) replaced).tensor();
        shape = replaced.getShape();
        dataType = replaced.getDataType();
    }

    @Override
    public void detach() {
        manager.detachInternal(getUid());
        manager = JquantNDManager.SYSTEM;
    }

    @Override
    public void close() {
        super.close();
        tensor = null;
    }

    @Override
    public ByteBuffer toByteBuffer(boolean tryDirect) {
        return Types.bytes(tensor(), tryDirect);
    }

    @Override
    public float[] toFloatArray() {
        return tensor().type() == io.jquant.DataType.F32 ? Arrays.copyOf(tensor.floats(), tensor.count())
                : super.toFloatArray();
    }

    @Override
    public long[] toLongArray() {
        return tensor().type() == io.jquant.DataType.S64 ? Arrays.copyOf(tensor.longs(), tensor.count())
                : super.toLongArray();
    }

    @Override
    public float getFloat(long... indices) {
        return (float) tensor().getDouble(place(indices));
    }

    @Override
    public long getLong(long... indices) {
        return tensor().getLong(place(indices));
    }

    private int place(long[] indices) {
        if (indices.length != shape.dimension()) {
            throw new IllegalArgumentException("indices = " + indices.length + ": must be " + shape.dimension()
                    + " for " + shape);
        }
        long place = 0;
        for (int i = 0; i < indices.length; i++) {
            place = place * shape.get(i) + Objects.checkIndex(indices[i], shape.get(i));
        }
        return (int) place;
    }

    @Override
    public JquantNDArray duplicate() {
        return made(copy(tensor()));
    }

    private static Tensor copy(Tensor from) {
        Tensor to = Tensor.allocate(from.type(), from.shape());
        to.segment().copyFrom(from.segment());
        return to;
    }

    @Override
    public NDArray toType(DataType wanted, boolean copy) {
        if (wanted == dataType) {
            return copy ? duplicate() : this;
        }
        Tensor to = Tensor.allocate(Types.ours(wanted), tensor().shape());
        boolean real = to.type().isFloating() || tensor.type().isFloating();
        for (int i = 0; i < to.count(); i++) {
            if (real) {
                to.setDouble(i, tensor.getDouble(i));
            } else {
                to.setLong(i, tensor.getLong(i));
            }
        }
        return made(to);
    }

    @Override
    public NDArray reshape(Shape wanted) {
        long[] sizes = wanted.getShape().clone();
        long known = 1;
        for (long size : sizes) {
            known *= size == -1 ? 1 : size;
        }
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = sizes[i] == -1 ? tensor().count() / Math.max(1, known) : sizes[i];
        }
        return made(tensor().reshape(sizes));
    }

    @Override
    public NDArray expandDims(int axis) {
        return reshape(axis < 0 ? shape.add(1) : shape.slice(0, axis).add(1).addAll(shape.slice(axis)));
    }

    @Override
    public NDArray squeeze(int[] axes) {
        List<Long> kept = new ArrayList<>();
        for (int i = 0; i < shape.dimension(); i++) {
            boolean removed = false;
            for (int axis : axes) {
                removed |= (axis < 0 ? axis + shape.dimension() : axis) == i;
            }
            if (!removed) {
                kept.add(shape.get(i));
            } else if (shape.get(i) != 1) {
                throw new IllegalArgumentException("axis " + i + " of " + shape + ": must be of size 1");
            }
        }
        return reshape(new Shape(kept));
    }

    @Override
    public NDArray flatten() {
        return reshape(new Shape(tensor().count()));
    }

    @Override
    public NDList split(long sections, int axis) {
        if (axis != 0) {
            return super.split(sections, axis);
        }
        long rows = shape.get(0);
        if (sections <= 0 || rows % sections != 0) {
            throw new IllegalArgumentException("sections = " + sections + ": must divide " + rows + ", the rows");
        }
        return split(LongStream.range(1, sections).map(i -> i * (rows / sections)).toArray(), axis);
    }

    @Override
    public NDList split(long[] indices, int axis) {
        if (axis != 0) {
            return super.split(indices, axis);
        }
        NDList parts = new NDList();
        for (int i = 0; i <= indices.length; i++) {
            long from = i == 0 ? 0 : indices[i - 1];
            long to = i == indices.length ? shape.get(0) : indices[i];
            parts.add(made(Rows.slice(tensor(), from, to)));
        }
        return parts;
    }

    @Override
    public NDArray softmax(int axis) {
        int last = shape.dimension() - 1;
        return axis == -1 || axis == last ? made(Rows.softmax(tensor())) : super.softmax(axis);
    }

    @Override
    public NDArray argMax() {
        return made(Rows.argMax(tensor(), 1).reshape());
    }

    @Override
    public NDArray argMax(int axis) {
        int last = shape.dimension() - 1;
        if (last < 0 || (axis != -1 && axis != last)) {
            return super.argMax(axis);
        }
        Tensor places = Rows.argMax(tensor(), (int) (shape.size() / Math.max(1, shape.get(last))));
        return made(places.reshape(shape.slice(0, last).getShape()));
    }

    @Override
    public NDArrayEx getNDArrayInternal() {
        return alternativeManager == null || alternativeManager instanceof JquantNDManager ? new BatchOperations(this)
                : super.getNDArrayInternal();
    }

    /** This array and others, one behind the other along their first axis. */
    JquantNDArray joined(NDList others, long[] joinedShape) {
        Tensor all = Tensor.allocate(tensor().type(), joinedShape);
        MemorySegment to = all.segment();
        long at = 0;
        List<NDArray> arrays = new ArrayList<>(List.of(this));
        arrays.addAll(others);
        for (NDArray array : arrays) {
            Tensor from = ((JquantNDManager) manager).from(array).tensor();
            MemorySegment.copy(from.segment(), 0, to, at, from.segment().byteSize());
            at += from.segment().byteSize();
        }
        return made(all);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.jquant.graph.Tensor;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Makes arrays on the heap. */
final class JquantNDManager extends BaseNDManager {
    /** The manager of all: it lives as long as the process. */
    static final JquantNDManager SYSTEM = new JquantNDManager(null, null);

    private JquantNDManager(NDManager parent, Device device) {
        super(parent, device);
    }

    @Override
    public ByteBuffer allocateDirect(int capacity) {
        return ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
    }

    @Override
    public JquantNDArray from(NDArray array) {
        if (array == null || array instanceof JquantNDArray) {
            return (JquantNDArray) array;
        }
        JquantNDArray copy = create(array.toByteBuffer(), array.getShape(), array.getDataType());
        copy.setName(array.getName());
        return copy;
    }

    /** An array of a tensor, which is not copied. */
    JquantNDArray wrap(Tensor tensor) {
        return new JquantNDArray(this, alternativeManager, tensor);
    }

    @Override
    public JquantNDArray create(Buffer data, Shape shape, DataType dataType) {
        return wrap(Types.tensor(data, shape, dataType));
    }

    @Override
    public JquantNDArray zeros(Shape shape, DataType dataType) {
        return wrap(Tensor.allocate(Types.ours(dataType), shape.getShape()));
    }

    @Override
    public JquantNDArray full(Shape shape, float value, DataType dataType) {
        JquantNDArray array = zeros(shape, dataType);
        for (int i = 0; i < array.tensor().count(); i++) {
            array.tensor().setDouble(i, value);
        }
        return array;
    }

    @Override
    public JquantNDArray ones(Shape shape, DataType dataType) {
        return full(shape, 1, dataType);
    }

    @Override
    public JquantNDManager newSubManager(Device wanted) {
        JquantNDManager manager = new JquantNDManager(this, wanted);
        attachUncappedInternal(manager.uid, manager);
        return manager;
    }

    @Override
    public Engine getEngine() {
        return JquantEngine.INSTANCE;
    }
}

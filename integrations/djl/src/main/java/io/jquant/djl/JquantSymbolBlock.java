// SPDX-License-Identifier: Apache-2.0
package io.jquant.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractSymbolBlock;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A model as a block of DJL. Any number of threads may run it; arrays of this engine go in and out without a copy. */
final class JquantSymbolBlock extends AbstractSymbolBlock implements AutoCloseable {
    /** Held for reading while the model runs, for writing while it is freed. */
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private volatile Runner runner;

    JquantSymbolBlock(Runner runner) {
        this.runner = runner;
    }

    /** The model that runs; refused once it is closed. */
    Runner runner() {
        Runner current = runner;
        if (current == null) {
            throw new IllegalStateException("the model is closed");
        }
        return current;
    }

    /** Runs another model from now on. The last one is freed once predictions that it began have ended. */
    void replace(Runner other) {
        lock.writeLock().lock();
        try {
            Runner before = runner();
            runner = other;
            before.close();
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    protected NDList forwardInternal(ParameterStore store, NDList inputs, boolean training,
            PairList<String, Object> parameters) {
        NDManager manager = inputs.head().getManager();
        JquantNDManager ours = manager instanceof JquantNDManager same ? same
                : (JquantNDManager) store.getManager();
        Map<String, Tensor> results = run(inputs);
        NDList outputs = new NDList();
        results.forEach((name, tensor) -> {
            JquantNDArray array = ours.wrap(tensor);
            array.setName(name);
            outputs.add(array);
        });
        return outputs;
    }

    private Map<String, Tensor> run(NDList inputs) {
        lock.readLock().lock();
        try {
            Runner current = runner();
            return current.run(tensors(current.inputs(), inputs));
        } finally {
            lock.readLock().unlock();
        }
    }

    /** By name where all arrays have one that the model knows, else in order. */
    static Map<String, Tensor> tensors(List<ValueInfo> wanted, NDList given) {
        if (given.size() != wanted.size()) {
            throw new IllegalArgumentException("inputs = " + given.size() + " arrays: must be " + wanted.size() + ": "
                    + wanted);
        }
        boolean named = given.stream().allMatch(array -> wanted.stream()
                .anyMatch(input -> input.name().equals(array.getName())));
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            NDArray array = given.get(i);
            tensors.put(named ? array.getName() : wanted.get(i).name(), array instanceof JquantNDArray ours
                    ? ours.tensor() : Types.tensor(array.toByteBuffer(), array.getShape(), array.getDataType()));
        }
        return tensors;
    }

    @Override
    public PairList<String, Shape> describeInput() {
        return described(runner().inputs());
    }

    @Override
    public PairList<String, Shape> describeOutput() {
        return described(runner().outputs());
    }

    private static PairList<String, Shape> described(List<ValueInfo> values) {
        PairList<String, Shape> pairs = new PairList<>();
        values.forEach(value -> pairs.add(value.name(), Types.theirs(value.shape())));
        return pairs;
    }

    @Override
    public ParameterList getDirectParameters() {
        return new ParameterList();
    }

    @Override
    public void removeLastBlock() {
        throw new UnsupportedOperationException("the nodes of a model that is ready to run cannot be removed");
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            Runner before = runner;
            runner = null;
            if (before != null) {
                before.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}

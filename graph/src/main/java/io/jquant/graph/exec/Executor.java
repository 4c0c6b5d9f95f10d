// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.exec;

import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.OperatorException;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.ops.Op;
import io.jquant.graph.ops.OpRegistry;
import io.jquant.graph.ops.PlainFloats;
import io.jquant.spi.FloatKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Runs a graph. The plan (constants computed, lifetimes known) is made once and does not change: one executor serves
 * any number of threads, each run in memory of its own that later runs reuse.
 */
public final class Executor {
    private static final int NONE = -1;
    private static final OutputMemory FRESH = (name, type, shape) -> Tensor.allocate(type, shape);

    /** A node with the slots of its values, and the slots whose memory is free after it. */
    // never compared or handed out
    @SuppressWarnings("ArrayRecordComponent")
    private record Step(Node node, Op op, InferenceMemo memo, int[] inputs, int[] outputs, int[] released) {}

    private final List<ValueInfo> inputs;
    private final List<ValueInfo> outputs;
    private final Limits limits;
    private final FloatKernels floats;
    private final Map<String, Integer> slots = new HashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private final Tensor[] constants;
    /** For each slot, the slot whose array it shares (itself for most). */
    private final int[] root;
    private final boolean[] leaves;
    private final ArrayBlockingQueue<Arena> idle = new ArrayBlockingQueue<>(16);

    private Executor(Model model, Limits limits, FloatKernels floats) {
        this.limits = limits;
        this.floats = floats;
        this.inputs = model.graph().inputs();
        InferredValues inferred = ShapeInference.infer(model, limits);
        inferred.values().keySet().forEach(name -> slots.put(name, slots.size()));
        this.outputs = model.graph().outputs().stream().map(o -> inferred.values().get(o.name())).toList();
        this.constants = new Tensor[slots.size()];
        inferred.constants().forEach((name, tensor) -> constants[slots.get(name)] = tensor);
        this.root = new int[slots.size()];
        Arrays.setAll(root, i -> i);
        this.leaves = new boolean[slots.size()];
        List<Node> needed = needed(model);
        for (Node node : needed) {
            Op op = OpRegistry.find(node, model.opset(node.domain()));
            if (op.kernel() == null) {
                root[slots.get(node.output(0))] = root[slots.get(node.input(0))];
            }
            steps.add(new Step(node, op, new InferenceMemo(node, op), slotsOf(node.inputs()),
                    slotsOf(node.outputs()), new int[0]));
        }
        outputs.forEach(o -> leaves[root[slots.get(o.name())]] = true);
        inputs.forEach(i -> leaves[slots.get(i.name())] = true);
        releaseAfterLastUse();
    }

    /**
     * Plans the execution of a model.
     *
     * @param model the model
     * @return the executor
     * @throws OperatorException if a node cannot be applied to its inputs, or its operator is unknown
     */
    public static Executor plan(Model model) {
        return plan(model, Limits.DEFAULT);
    }

    /**
     * Plans the execution of a model.
     *
     * @param model the model
     * @param limits how much memory it may take
     * @return the executor
     * @throws OperatorException if a node cannot be applied to its inputs, or its operator is unknown
     */
    public static Executor plan(Model model, Limits limits) {
        return plan(model, limits, PlainFloats.INSTANCE);
    }

    /**
     * Plans the execution of a model on kernels of an engine.
     *
     * @param model the model
     * @param limits how much memory it may take
     * @param floats the kernels for products and functions of floats
     * @return the executor
     * @throws OperatorException if a node cannot be applied to its inputs, or its operator is unknown
     */
    public static Executor plan(Model model, Limits limits, FloatKernels floats) {
        return new Executor(model, limits, floats);
    }

    /** {@return what a run needs} */
    public List<ValueInfo> inputs() {
        return inputs;
    }

    /** {@return what a run gives, with the shapes inferred} */
    public List<ValueInfo> outputs() {
        return outputs;
    }

    /**
     * Runs the graph.
     *
     * @param values every input by name
     * @return every output by name
     * @throws IllegalArgumentException if an input is missing, unknown, or of another type or shape than the graph says
     * @throws OperatorException if a node cannot be applied to the shapes that come up, or memory exceeds the limit
     */
    public Map<String, Tensor> run(Map<String, Tensor> values) {
        return run(values, (name, value) -> {}, FRESH);
    }

    /**
     * Runs the graph and shows the values in between.
     *
     * @param values every input by name
     * @param observer called with every input and every value that a node makes
     * @return every output by name
     * @throws IllegalArgumentException if an input is missing, unknown, or of another type or shape than the graph says
     * @throws OperatorException if a node cannot be applied to the shapes that come up, or memory exceeds the limit
     */
    public Map<String, Tensor> run(Map<String, Tensor> values, Observer observer) {
        return run(values, observer, FRESH);
    }

    /**
     * Runs the graph in memory of the caller's for what it gives.
     *
     * @param values every input by name
     * @param memory asked for the memory of outputs, and of values whose elements an output has in another shape
     * @return every output by name
     * @throws IllegalArgumentException if an input is missing, unknown, or of another type or shape than the graph says
     * @throws OperatorException if a node cannot be applied to the shapes that come up, or memory exceeds the limit
     */
    public Map<String, Tensor> runInto(Map<String, Tensor> values, OutputMemory memory) {
        return run(values, (name, value) -> {}, memory);
    }

    private Map<String, Tensor> run(Map<String, Tensor> values, Observer observer, OutputMemory memory) {
        InputCheck.check(inputs, values);
        Tensor[] live = constants.clone();
        for (ValueInfo input : inputs) {
            live[slots.get(input.name())] = values.get(input.name());
            observer.observe(input.name(), values.get(input.name()));
        }
        Arena pooled = idle.poll();
        Arena arena = pooled == null ? new Arena(limits.runBytes()) : pooled;
        for (Step step : steps) {
            execute(step, live, arena, observer, memory);
        }
        Map<String, Tensor> results = new LinkedHashMap<>();
        for (ValueInfo output : outputs) {
            results.put(output.name(), live[slots.get(output.name())]);
        }
        arena.endRun();
        // with more threads than places, this one's memory goes back to the collector
        var _ = idle.offer(arena);
        return results;
    }

    private void execute(Step step, Tensor[] live, Arena arena, Observer observer, OutputMemory memory) {
        Tensor[] read = new Tensor[step.inputs.length];
        for (int i = 0; i < read.length; i++) {
            read[i] = step.inputs[i] == NONE ? null : live[step.inputs[i]];
        }
        Tensor[] made = NodeRunner.run(step.node, step.op, step.memo, read, floats, (i, type, shape) -> {
            if (!leaves[root[step.outputs[i]]]) {
                return arena.take(type, shape, step.node);
            }
            arena.charge(type, shape, step.node);
            return memory.allocate(step.node.output(i), type, shape);
        });
        for (int i = 0; i < made.length; i++) {
            if (made[i] != null) {
                live[step.outputs[i]] = made[i];
                observer.observe(step.node.output(i), made[i]);
            }
        }
        for (int slot : step.released) {
            arena.release(live[slot]);
        }
    }

    private List<Node> needed(Model model) {
        Set<String> wanted = new HashSet<>();
        outputs.forEach(o -> wanted.add(o.name()));
        List<Node> needed = new ArrayList<>();
        for (Node node : model.graph().nodes().reversed()) {
            boolean constant = node.outputs().stream().allMatch(v -> v.isEmpty() || constants[slots.get(v)] != null);
            if (!constant && node.outputs().stream().anyMatch(v -> !v.isEmpty() && wanted.contains(v))) {
                needed.addFirst(node);
                wanted.addAll(node.inputs());
            }
        }
        return needed;
    }

    private int[] slotsOf(List<String> names) {
        return names.stream().mapToInt(n -> n.isEmpty() ? NONE : slots.get(n)).toArray();
    }

    private void releaseAfterLastUse() {
        Set<Integer> seen = new HashSet<>();
        for (int s = steps.size() - 1; s >= 0; s--) {
            Step step = steps.get(s);
            Set<Integer> last = new HashSet<>();
            for (int[] side : List.of(step.inputs, step.outputs)) {
                for (int slot : side) {
                    if (slot != NONE && seen.add(root[slot]) && !leaves[root[slot]] && constants[root[slot]] == null) {
                        last.add(root[slot]);
                    }
                }
            }
            int[] released = last.stream().mapToInt(Integer::intValue).toArray();
            steps.set(s, new Step(step.node, step.op, step.memo, step.inputs, step.outputs, released));
        }
    }
}

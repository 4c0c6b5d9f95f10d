// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.Bias;
import io.jquant.ConvolutionSpec;
import io.jquant.DynamicLinearSpec;
import io.jquant.Engine;
import io.jquant.FullyConnectedSpec;
import io.jquant.GroupedLinearSpec;
import io.jquant.ImmutableInts;
import io.jquant.LinearSpec;
import io.jquant.Movement;
import io.jquant.MovementSpec;
import io.jquant.Operator;
import io.jquant.OperatorArchive;
import io.jquant.PackedConvolution;
import io.jquant.PackedLinear;
import io.jquant.PackedOperator;
import io.jquant.PackedSpec;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import io.jquant.graph.exec.Executor;
import io.jquant.graph.exec.Limits;
import io.jquant.graph.ops.PlainFloats;
import io.jquant.spi.FloatKernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The steps of a lowered model while they are made: slots, layouts, and the operators packed so far. */
final class Lowering {
    private final Engine engine;
    private final FloatKernels floats;
    private final QuantizedValues values;
    /** Operators that are packed already, null for none. */
    private final OperatorArchive archive;
    private final Map<String, PackedOperator<?>> packed = new LinkedHashMap<>();
    private final Map<String, Map<Layout, Integer>> slots = new HashMap<>();
    private final Map<String, Layout> made = new HashMap<>();
    private final List<Buffer> constants = new ArrayList<>();
    private final List<Operator<?>> operators = new ArrayList<>();
    private final NavigableMap<Integer, List<Step>> steps = new TreeMap<>();
    private final Set<String> wantedTensors = new TreeSet<>();
    private final Arena memory = Arena.ofAuto();
    private int position;
    private String label = "";

    Lowering(Engine engine, QuantizedValues values, OperatorArchive archive) {
        this.engine = engine;
        this.floats = engine.floats().orElse(PlainFloats.INSTANCE);
        this.values = values;
        this.archive = archive;
    }

    /** Plans nodes that run as they are defined, on the engine's kernels for floats. */
    Executor plan(Model model) {
        return Executor.plan(model, Limits.DEFAULT, floats);
    }

    /** The engine's kernels for floats, or plain loops. */
    FloatKernels floats() {
        return floats;
    }

    Engine engine() {
        return engine;
    }

    QuantizedValues values() {
        return values;
    }

    /** Where in the order of the graph's nodes the next steps belong. */
    void moveTo(int node) {
        position = node;
        label = values.graph().nodes().get(node).describe();
    }

    /** Says what the next steps do. */
    void label(String words) {
        label = words;
    }

    /** Keeps an operator until the model is closed. */
    <T extends Operator<?>> T keep(T operator) {
        operators.add(operator);
        return operator;
    }

    /** The layer of a node, as the archive has it or packed of its weights; a node may have several. */
    PackedLinear linear(Node node, FullyConnectedSpec spec, Supplier<MemorySegment> weights, Bias bias) {
        return pack(node, PackedLinear.class, spec, bias, () -> switch (spec) {
            case LinearSpec linear -> engine.linear(linear, weights.get(), bias);
            case DynamicLinearSpec linear -> engine.dynamicLinear(linear, weights.get(), bias);
            case GroupedLinearSpec linear -> engine.groupedLinear(linear, weights.get(), bias);
        });
    }

    /** The same for a convolution. */
    PackedConvolution convolution(Node node, ConvolutionSpec spec, Supplier<MemorySegment> weights, Bias bias) {
        return pack(node, PackedConvolution.class, spec, bias, () -> engine.convolution(spec, weights.get(), bias));
    }

    private <T extends PackedOperator<?>> T pack(Node node, Class<T> type, PackedSpec spec, Bias bias,
            Supplier<T> packing) {
        String name = node.output(0);
        for (int i = 2; packed.containsKey(name); i++) {
            name = node.output(0) + "#" + i;
        }
        PackedOperator<?> found = archive == null ? null : archive.find(name, spec, List.of(bias), engine);
        T operator = keep(found == null ? packing.get() : type.cast(found));
        packed.put(name, operator);
        return operator;
    }

    /** The operators with weights by names that are the same whenever the model is lowered. */
    Map<String, PackedOperator<?>> packed() {
        return packed;
    }

    List<Operator<?>> operators() {
        return operators;
    }

    /** The steps by position. */
    NavigableMap<Integer, List<Step>> steps() {
        return steps;
    }

    /** The values of the slots that are known beforehand, null for the others. */
    Buffer[] constants() {
        return constants.toArray(Buffer[]::new);
    }

    /** The tensors that steps read as they are, made by nodes that are not lowered or given as input. */
    Set<String> wantedTensors() {
        return wantedTensors;
    }

    void add(Step.Body body, int writes, int... reads) {
        add("", body, writes, reads);
    }

    private void add(String prefix, Step.Body body, int writes, int... reads) {
        steps.computeIfAbsent(position, p -> new ArrayList<>()).add(new Step(prefix + label, body, reads, writes));
    }

    /** Adds a step that makes real values before those that are at its position already. */
    void addFirst(Step.Body body) {
        steps.computeIfAbsent(position, p -> new ArrayList<>())
                .addFirst(new Step(label, body, new int[0], Step.NONE));
    }

    /** Whether a quantized value is made by a lowered step. */
    boolean isMade(String tensor) {
        return made.containsKey(tensor);
    }

    /** The layout in which an operand comes without a copy: a constant comes in any. */
    Layout layout(Operand operand, Layout forConstants) {
        return operand.constant() != null ? forConstants : made.getOrDefault(operand.tensor(), Layout.PLAIN);
    }

    int rank(Operand operand) {
        return operand.constant() != null ? operand.constant().rank() : values.shape(operand.tensor()).rank();
    }

    /** A slot for a value that the next step makes. */
    int define(String tensor, Layout layout) {
        made.put(tensor, layout);
        int slot = newSlot(null);
        slots.computeIfAbsent(tensor, t -> new EnumMap<>(Layout.class)).put(layout, slot);
        return slot;
    }

    /** A slot for a value between two steps. */
    int temporary() {
        return newSlot(null);
    }

    private int newSlot(Buffer constant) {
        constants.add(constant);
        return constants.size() - 1;
    }

    /** The slot of an operand in a layout; adds the step that brings it there where it is not. */
    int slot(Operand operand, Layout layout) {
        return slot(operand, layout, rank(operand));
    }

    /** The same, a constant with axes of size 1 in front up to a rank. */
    int slot(Operand operand, Layout layout, int rank) {
        if (operand.constant() != null) {
            return newSlot(constant(operand.constant(), layout, rank));
        }
        Map<Layout, Integer> known = slots.computeIfAbsent(operand.tensor(), t -> new EnumMap<>(Layout.class));
        Integer slot = known.get(layout);
        if (slot != null) {
            return slot;
        }
        if (known.isEmpty()) {
            fetch(operand.tensor());
            return slot(operand, layout, rank);
        }
        int from = known.values().iterator().next();
        int to = newSlot(null);
        Layout present = layout == Layout.PLAIN ? Layout.CHANNELS_LAST : Layout.PLAIN;
        transpose(from, to, present.permutationTo(layout, rank(operand)));
        known.put(layout, to);
        return to;
    }

    /** Brings the axes of a slot's value into another order. */
    void transpose(int from, int to, int... permutation) {
        Movement movement = keep(engine.movement(new MovementSpec.Transpose(1, new ImmutableInts(permutation))));
        add("transposes for ", frame -> {
            Buffer input = frame.buffer(from);
            int[] shape = new int[permutation.length];
            for (int i = 0; i < shape.length; i++) {
                shape[i] = input.shape()[permutation[i]];
            }
            if (keepsOrder(input.shape(), permutation) && frame.canShare(to, from)) {
                frame.share(to, from, shape);
                return;
            }
            movement.run(input.shape(), input.data(), frame.allocate(to, shape).data());
        }, to, from);
    }

    /** Whether only axes of one element change places. */
    private static boolean keepsOrder(int[] shape, int... permutation) {
        int last = -1;
        for (int axis : permutation) {
            if (shape[axis] != 1) {
                if (axis < last) {
                    return false;
                }
                last = axis;
            }
        }
        return true;
    }

    private void fetch(String tensor) {
        wantedTensors.add(tensor);
        int slot = define(tensor, Layout.PLAIN);
        add("copy for ", frame -> {
            Tensor value = frame.tensor(tensor);
            frame.allocate(slot, sizes(value)).data().copyFrom(value.segment());
        }, slot);
    }

    private Buffer constant(Tensor tensor, Layout layout, int rank) {
        int[] shape = new int[rank];
        for (int i = 0; i < rank; i++) {
            int axis = i - rank + tensor.rank();
            shape[i] = axis < 0 ? 1 : tensor.dim(axis);
        }
        MemorySegment data = memory.allocate(Math.max(1, tensor.count()), 64).asSlice(0, tensor.count());
        if (layout == Layout.PLAIN || rank < 3) {
            data.copyFrom(tensor.segment());
            return new Buffer(data, shape);
        }
        int[] permutation = Layout.PLAIN.permutationTo(layout, rank);
        try (Movement movement = engine.movement(new MovementSpec.Transpose(1, new ImmutableInts(permutation)))) {
            movement.run(shape, tensor.segment(), data);
        }
        return new Buffer(data, layout.inMemory(shape));
    }

    static int[] sizes(Tensor value) {
        int[] sizes = new int[value.rank()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = value.dim(i);
        }
        return sizes;
    }
}

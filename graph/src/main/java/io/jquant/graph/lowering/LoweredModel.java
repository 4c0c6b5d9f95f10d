// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.Engine;
import io.jquant.Operator;
import io.jquant.OperatorArchive;
import io.jquant.PackedOperator;
import io.jquant.graph.Model;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.exec.InputCheck;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.stream.Collectors;

/**
 * A model whose quantized part runs on an engine's packed operators, without a real number between two of them, in
 * channels-last layout. What cannot be brought there runs as ONNX defines it. One lowered model serves any number of
 * threads.
 */
public final class LoweredModel implements AutoCloseable {
    /** The metadata property that names the engine that a model was calibrated for. */
    public static final String ENGINE_PROPERTY = "jquant.engine";
    /** The metadata property that says how a model was quantized: static-qdq, static-qoperator, dynamic. */
    public static final String SCHEME_PROPERTY = "jquant.scheme";
    /** The metadata property that says how the input of layers that quantize it as it comes is quantized. */
    public static final String ACTIVATIONS_PROPERTY = "jquant.activations";
    /** The value of {@link #ACTIVATIONS_PROPERTY} for parameters of every row; otherwise a tensor has the same. */
    public static final String PER_ROW = "per-row";
    private static final System.Logger LOG = System.getLogger(LoweredModel.class.getName());

    private final List<ValueInfo> inputs;
    private final List<ValueInfo> outputs;
    private final Set<String> results;
    private final List<Explanation> explanations;
    private final List<Operator<?>> operators;
    private final Map<String, PackedOperator<?>> packed;
    /** What the operators and weights lie in; null where they have memory of their own. */
    private final OperatorArchive archive;
    private final Map<String, Tensor> constantOutputs;
    private final Buffer[] constants;
    private final Step[] steps;
    /** For each step, the slots whose memory is free after it. */
    private final int[][] released;
    private final ArrayBlockingQueue<Frame> idle = new ArrayBlockingQueue<>(16);
    private volatile boolean closed;

    private LoweredModel(Model model, GraphLowering lowering, OperatorArchive archive) {
        steps = lowering.lower().toArray(Step[]::new);
        inputs = model.graph().inputs();
        outputs = lowering.outputs();
        results = outputs.stream().map(ValueInfo::name).collect(Collectors.toUnmodifiableSet());
        explanations = List.copyOf(lowering.explanations());
        operators = List.copyOf(lowering.lowering().operators());
        packed = lowering.lowering().packed();
        this.archive = archive;
        constants = lowering.lowering().constants();
        constantOutputs = lowering.constantOutputs();
        released = lastUses();
    }

    /**
     * Whether there is anything in a model that lowering brings onto an engine.
     *
     * @param model the model
     * @return whether jquant has quantized it, or it has operators on integers
     */
    public static boolean isQuantized(Model model) {
        return model.metadata().containsKey(ENGINE_PROPERTY)
                || model.graph().nodes().stream().anyMatch(node -> node.opType().equals("DequantizeLinear")
                        || node.opType().startsWith("DynamicQuantize") || node.opType().endsWith("Integer")
                        || node.opType().equals(GroupedLowering.OPERATOR));
    }

    /**
     * Packs the operators of a model.
     *
     * @param model a model with QuantizeLinear and DequantizeLinear
     * @param engine the engine to run it on
     * @return the lowered model, to be closed; it lives on when the engine is closed
     * @throws IllegalArgumentException if an argument is null
     * @throws io.jquant.graph.OperatorException if a node cannot be applied to its inputs, or is unknown
     */
    public static LoweredModel lower(Model model, Engine engine) {
        return lower(model, engine, null);
    }

    /** The same with operators that are packed already, null for none; closed with the model. */
    static LoweredModel lower(Model model, Engine engine, OperatorArchive archive) {
        if (model == null || engine == null) {
            throw new IllegalArgumentException("model = " + model + ", engine = " + engine + ": must be given");
        }
        String calibrated = model.metadata().getOrDefault(ENGINE_PROPERTY, engine.name());
        if (!calibrated.equals(engine.name()) && !calibrated.equalsIgnoreCase(engine.numerics().name())) {
            LOG.log(System.Logger.Level.WARNING, "the model was calibrated for engine {0}, scheme {1}, and runs on "
                    + "{2}: results may differ in the last bit of a quantized value", calibrated,
                    model.metadata().getOrDefault(SCHEME_PROPERTY, "unknown"), engine.name());
        }
        return new LoweredModel(model, new GraphLowering(model, engine, archive), archive);
    }

    /** The operators that have weights, by name. */
    Map<String, PackedOperator<?>> packed() {
        return packed;
    }

    private int[][] lastUses() {
        int[][] last = new int[steps.length][];
        Set<Integer> seen = new HashSet<>();
        for (int s = steps.length - 1; s >= 0; s--) {
            Set<Integer> ends = new HashSet<>();
            for (int slot : steps[s].reads()) {
                if (seen.add(slot)) {
                    ends.add(slot);
                }
            }
            if (steps[s].writes() != Step.NONE && seen.add(steps[s].writes())) {
                ends.add(steps[s].writes());
            }
            last[s] = ends.stream().mapToInt(Integer::intValue).toArray();
        }
        return last;
    }

    /** {@return what a run needs} */
    public List<ValueInfo> inputs() {
        return inputs;
    }

    /** {@return what a run gives} */
    public List<ValueInfo> outputs() {
        return outputs;
    }

    /** {@return what became of every operator: on the engine's kernels, or why not} */
    public List<Explanation> explain() {
        return explanations;
    }

    /**
     * Runs the model.
     *
     * @param values every input by name
     * @return every output by name
     * @throws IllegalArgumentException if an input is missing, unknown, or of another type or shape than the graph says
     * @throws io.jquant.graph.OperatorException if a node cannot be applied to the shapes that come up
     * @throws IllegalStateException if the model is closed
     */
    public Map<String, Tensor> run(Map<String, Tensor> values) {
        return run(values, null);
    }

    /**
     * Runs the model and says how long each step took.
     *
     * @param values every input by name
     * @return the steps in their order
     * @throws IllegalArgumentException if an input is missing, unknown, or of another type or shape than the graph says
     * @throws io.jquant.graph.OperatorException if a node cannot be applied to the shapes that come up
     * @throws IllegalStateException if the model is closed
     */
    public List<StepTime> profile(Map<String, Tensor> values) {
        List<StepTime> times = new ArrayList<>(steps.length);
        run(values, times);
        return times;
    }

    private Map<String, Tensor> run(Map<String, Tensor> values, List<StepTime> times) {
        if (closed) {
            throw new IllegalStateException("the model is closed");
        }
        InputCheck.check(inputs, values);
        Frame pooled = idle.poll();
        // one whose run failed is not used again
        Frame frame = pooled == null ? new Frame(constants, results) : pooled;
        values.forEach(frame::put);
        constantOutputs.forEach(frame::put);
        for (int s = 0; s < steps.length; s++) {
            long start = times == null ? 0 : System.nanoTime();
            steps[s].body().run(frame);
            if (times != null) {
                times.add(new StepTime(steps[s].label(), System.nanoTime() - start));
            }
            for (int slot : released[s]) {
                frame.release(slot);
            }
        }
        Map<String, Tensor> made = new LinkedHashMap<>();
        for (ValueInfo output : outputs) {
            made.put(output.name(), frame.result(output.name()));
        }
        if (frame.endRun()) {
            // with more threads than places, this one's memory goes back to the collector
            var _ = idle.offer(frame);
        }
        return made;
    }

    /**
     * Frees the packed operators. A run that is in progress ends with an {@link IllegalStateException}; memory is freed
     * only when no operator uses it. Closing twice does nothing.
     */
    @Override
    public void close() {
        closed = true;
        operators.forEach(Operator::close);
        if (archive != null) {
            archive.close();
        }
    }
}

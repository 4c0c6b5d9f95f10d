// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.DataType;
import io.jquant.QuantizationParameters;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import io.jquant.graph.exec.Executor;
import io.jquant.graph.exec.Limits;
import io.jquant.graph.exec.ShapeInference;
import io.jquant.quantization.passes.CrossLayerEqualization;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Static post-training quantization in three steps: prepare a float model, calibrate it with data, convert it. Not
 * thread-safe.
 */
public final class StaticQuantizer {
    /** Samples that biases are corrected with. */
    public static final int CORRECTION_SAMPLES = 128;

    private final Model model;
    private final StaticOptions options;
    private final QuantizationPlan plan;
    private final Executor executor;
    private final Map<String, Observer> observers = new LinkedHashMap<>();
    private int batches;

    private StaticQuantizer(Model model, StaticOptions options) {
        this.model = model;
        this.options = options;
        plan = plan(options.overrides());
        executor = Executor.plan(model);
        RangeGroups groups = plan.groups();
        for (String value : groups.values()) {
            if (groups.known(value) == null) {
                observers.computeIfAbsent(groups.group(value), group -> groups.config(group).activation().get());
            }
        }
    }

    private QuantizationPlan plan(StaticOptions.NodeConfig overrides) {
        return new QuantizationPlan(model.graph(), ShapeInference.infer(model, Limits.DEFAULT).values(),
                options.withOverrides(overrides));
    }

    /**
     * Folds constants, padding and batch normalization of a float model and chooses the values to observe.
     *
     * @param model the model, of opset 13 or newer
     * @param options how to quantize it
     * @return the quantizer
     * @throws IllegalArgumentException if an argument is null, the opset older, or there is nothing to quantize
     */
    public static StaticQuantizer prepare(Model model, StaticOptions options) {
        if (model == null || options == null) {
            throw new IllegalArgumentException("model = " + model + ", options = " + options + ": must be given");
        }
        Model prepared = Preparation.prepare(model);
        if (options.equalized()) {
            prepared = new CrossLayerEqualization().apply(prepared);
        }
        StaticQuantizer quantizer = new StaticQuantizer(prepared, options);
        if (quantizer.plan.groups().values().isEmpty()) {
            throw new IllegalArgumentException("model = '" + model.graph().name()
                    + "': must have an operator that can be quantized");
        }
        return quantizer;
    }

    /**
     * Runs the float model on a batch and observes its values.
     *
     * @param batch every input by name
     * @throws IllegalArgumentException if an input is missing, of another type or shape, or holds NaN
     */
    public void calibrate(Map<String, Tensor> batch) {
        RangeGroups groups = plan.groups();
        executor.run(batch, (name, value) -> {
            if (groups.contains(name) && !plan.isDerived(name) && value.type() == DataType.F32) {
                Observer observer = observers.get(groups.group(name));
                if (observer != null) {
                    observe(observer, name, value);
                }
            }
        });
        batches++;
        options.progress().accept(batches);
    }

    private static void observe(Observer observer, String name, Tensor value) {
        try {
            observer.observe(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("value '" + name + "': " + e.getMessage(), e);
        }
    }

    /**
     * Takes from the biases of a quantized model what quantization adds to the means of outputs.
     *
     * @param quantized what {@link #convert} gave
     * @param batches data to measure means with, run once for every layer: a hundred samples are enough
     * @return the corrected model
     * @throws IllegalArgumentException if an argument is null, or there are no batches
     */
    public Model correctBias(Model quantized, List<Map<String, Tensor>> batches) {
        if (quantized == null || batches == null || batches.isEmpty()) {
            throw new IllegalArgumentException("quantized = " + quantized + ", batches = " + batches
                    + ": must be given, at least one batch");
        }
        return BiasCorrection.correct(model, quantized, batches);
    }

    /** {@return the float model that is calibrated and converted: constants, padding, batch normalization folded} */
    public Model prepared() {
        return model;
    }

    /** {@return the prepared model's nodes that are quantized with ranges of their own, in order} */
    public List<Node> layers() {
        return model.graph().nodes().stream().filter(plan::isLayer).toList();
    }

    /** {@return what tells the prepared model and the values observed from others, for {@link Calibration#model()}} */
    public String fingerprint() {
        return Fingerprint.of(model, observers.keySet());
    }

    /** {@return what was found so far; later batches change it} */
    public Calibration calibration() {
        return new Calibration(fingerprint(), batches, observers);
    }

    /**
     * Goes on from where another calibration of this model ended, with its observers, of whatever kind; what this one
     * has seen is forgotten.
     *
     * @param earlier a calibration of the same model, the same nodes kept float; its observers are copied
     * @throws IllegalArgumentException if it is of another model, or other values were observed
     */
    public void restore(Calibration earlier) {
        if (earlier == null || !earlier.model().equals(fingerprint())
                || !earlier.observers().keySet().containsAll(observers.keySet())) {
            throw new IllegalArgumentException("earlier = " + (earlier == null ? null : earlier.model())
                    + ": must be a calibration of this model with the same options, " + fingerprint());
        }
        Map<String, Observer> restored = new LinkedHashMap<>();
        observers.keySet().forEach(name -> restored.put(name, earlier.observers().get(name).copy()));
        observers.putAll(restored);
        batches = Math.toIntExact(earlier.batches());
    }

    /**
     * The quantized model: ONNX with QuantizeLinear and DequantizeLinear.
     *
     * @return the model
     * @throws IllegalStateException if there was no calibration data
     */
    public Model convert() {
        return convert(plan);
    }

    /**
     * The model quantized from the same calibration with other overrides, for example with some nodes kept float. A
     * node whose quantization would need a range that was not observed stays float.
     *
     * @param overrides a say in how single nodes are quantized
     * @return the model
     * @throws IllegalStateException if there was no calibration data
     */
    public Model convert(StaticOptions.NodeConfig overrides) {
        return convert(observedPart(overrides));
    }

    private Model convert(QuantizationPlan chosen) {
        if (batches == 0) {
            throw new IllegalStateException("no calibration data was given: must be at least one batch");
        }
        return new QdqConverter(model, chosen, parameters(chosen)).convert(options);
    }

    /** The plan for overrides, without the nodes that need what nobody has observed. */
    private QuantizationPlan observedPart(StaticOptions.NodeConfig overrides) {
        Set<Node> unknown = new HashSet<>();
        while (true) {
            QuantizationPlan tried = plan((node, config) -> unknown.contains(node) ? null
                    : overrides.configure(node, config));
            List<Node> missing = model.graph().nodes().stream().filter(n -> tried.of(n) != null)
                    .filter(n -> Stream.concat(n.inputs().stream(), n.outputs().stream())
                            .anyMatch(v -> tried.groups().contains(v) && !isKnown(tried, v)))
                    .toList();
            if (!unknown.addAll(missing)) {
                return tried;
            }
        }
    }

    private boolean isKnown(QuantizationPlan tried, String value) {
        return tried.groups().known(value) != null || plan.groups().contains(value)
                || model.graph().initializers().containsKey(value);
    }

    private Map<String, QuantizationParameters> parameters(QuantizationPlan chosen) {
        Map<String, QuantizationParameters> byGroup = new HashMap<>();
        Map<String, QuantizationParameters> parameters = new HashMap<>();
        for (String value : chosen.groups().values()) {
            // what was observed together stays together
            RangeGroups groups = plan.groups().contains(value) ? plan.groups() : chosen.groups();
            QuantizationParameters known = chosen.groups().known(value);
            parameters.put(value, known != null ? known
                    : byGroup.computeIfAbsent(groups.group(value), group -> parameters(groups, group)));
        }
        return parameters;
    }

    private QuantizationParameters parameters(RangeGroups groups, String group) {
        if (groups.known(group) != null) {
            return groups.known(group);
        }
        Observer observed = observers.get(group);
        Observer observer = observed == null ? groups.config(group).activation().get() : observed.copy();
        for (String value : groups.values()) {
            Tensor constant = model.graph().initializers().get(value);
            if (constant != null && groups.group(value).equals(group)) {
                observer.observe(constant);
            }
        }
        return observer.parameters();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.DataType;
import io.jquant.QuantizationParameters;
import io.jquant.graph.Model;
import io.jquant.graph.Tensor;
import io.jquant.graph.exec.Executor;
import io.jquant.graph.exec.Limits;
import io.jquant.graph.exec.ShapeInference;
import io.jquant.quantization.passes.BatchNormFolding;
import io.jquant.quantization.passes.GemmNormalization;
import io.jquant.quantization.passes.GraphPass;
import io.jquant.quantization.passes.IdentityRemoval;
import io.jquant.quantization.passes.PadFolding;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Static post-training quantization in three steps: prepare a float model, calibrate it with data, convert it. Not
 * thread-safe.
 */
public final class StaticQuantizer {
    private static final int OLDEST_OPSET = 13;
    private static final List<GraphPass> PASSES = List.of(new IdentityRemoval(), new PadFolding(),
            new GemmNormalization(), new BatchNormFolding());

    private final Model model;
    private final StaticOptions options;
    private final QuantizationPlan plan;
    private final Executor executor;
    private final Map<String, Observer> observers = new LinkedHashMap<>();
    private int batches;

    private StaticQuantizer(Model model, StaticOptions options) {
        this.model = model;
        this.options = options;
        plan = new QuantizationPlan(model.graph(), ShapeInference.infer(model, Limits.DEFAULT).values(), options);
        executor = Executor.plan(model);
        RangeGroups groups = plan.groups();
        for (String value : groups.values()) {
            if (groups.known(value) == null) {
                Observer observer = observers.computeIfAbsent(groups.group(value),
                        group -> groups.config(group).activation().get());
                Tensor constant = model.graph().initializers().get(value);
                if (constant != null) {
                    observer.observe(constant);
                }
            }
        }
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
        if (model.opset("") < OLDEST_OPSET) {
            throw new IllegalArgumentException("opset = " + model.opset("") + ": must be " + OLDEST_OPSET
                    + " or newer, which can say how channels are quantized");
        }
        Model prepared = ShapeInference.foldConstants(model, Limits.DEFAULT);
        for (GraphPass pass : PASSES) {
            prepared = pass.apply(prepared);
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

    /** {@return the float model that is calibrated and converted: constants, padding, batch normalization folded} */
    public Model prepared() {
        return model;
    }

    /**
     * The quantized model: ONNX with QuantizeLinear and DequantizeLinear.
     *
     * @return the model
     * @throws IllegalStateException if there was no calibration data
     */
    public Model convert() {
        if (batches == 0) {
            throw new IllegalStateException("no calibration data was given: must be at least one batch");
        }
        Map<String, QuantizationParameters> parameters = new HashMap<>();
        for (String value : plan.groups().values()) {
            QuantizationParameters known = plan.groups().known(value);
            Observer observer = observers.get(plan.groups().group(value));
            parameters.put(value, known == null ? observer.parameters() : known);
        }
        return new QdqConverter(model, plan, parameters).convert(options);
    }
}

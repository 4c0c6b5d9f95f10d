// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.graph.Model;
import io.jquant.graph.exec.Limits;
import io.jquant.graph.exec.ShapeInference;
import io.jquant.quantization.passes.BatchNormFolding;
import io.jquant.quantization.passes.GeluFusion;
import io.jquant.quantization.passes.GemmNormalization;
import io.jquant.quantization.passes.GraphPass;
import io.jquant.quantization.passes.HardSwishFusion;
import io.jquant.quantization.passes.IdentityRemoval;
import io.jquant.quantization.passes.LayerNormFusion;
import io.jquant.quantization.passes.PadFolding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is done to a float model before it is quantized. */
final class Preparation {
    private static final String MICROSOFT = "com.microsoft";
    private static final int OLDEST_OPSET = 13;
    /** The oldest operator set with LayerNormalization and HardSwish. */
    private static final int WANTED_OPSET = 17;
    private static final List<GraphPass> PASSES = List.of(new IdentityRemoval(), new PadFolding(),
            new GemmNormalization(), new BatchNormFolding(), new LayerNormFusion(), new GeluFusion(),
            new HardSwishFusion());

    private Preparation() {
    }

    /** Folds constants, padding and batch normalizations, and recognises operators from their pieces. */
    static Model prepare(Model model) {
        if (model.opset("") < OLDEST_OPSET) {
            throw new IllegalArgumentException("opset = " + model.opset("") + ": must be " + OLDEST_OPSET
                    + " or newer, which can say how channels are quantized");
        }
        Model prepared = raised(ShapeInference.foldConstants(model, Limits.DEFAULT));
        for (GraphPass pass : PASSES) {
            prepared = pass.apply(prepared);
        }
        return withMicrosoft(prepared);
    }

    /** Imports the operators of domain com.microsoft if one was put in. */
    private static Model withMicrosoft(Model model) {
        Map<String, Integer> opsets = new LinkedHashMap<>(model.opsets());
        if (model.graph().nodes().stream().anyMatch(n -> n.domain().equals(MICROSOFT))) {
            opsets.putIfAbsent(MICROSOFT, 1);
        }
        return new Model(model.irVersion(), opsets, model.producer(), model.producerVersion(), model.metadata(),
                model.graph());
    }

    /** From 13 to 17 operators were added, types allowed, and attributes with the old meaning as default. */
    private static Model raised(Model model) {
        if (model.opset("") >= WANTED_OPSET) {
            return model;
        }
        Map<String, Integer> opsets = new LinkedHashMap<>(model.opsets());
        opsets.put("", WANTED_OPSET);
        return new Model(Math.max(model.irVersion(), 8), opsets, model.producer(), model.producerVersion(),
                model.metadata(), model.graph());
    }
}

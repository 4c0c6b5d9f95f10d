// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.suite;

import io.jquant.Engine;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import io.jquant.graph.exec.Executor;
import io.jquant.graph.lowering.LoweredModel;
import io.jquant.quantization.QConfigMapping;
import io.jquant.quantization.StaticOptions;
import io.jquant.quantization.StaticQuantizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Finds out which layers of a calibrated model lose accuracy, and keeps the fewest of them float for a wanted one.
 * Calibration is done once; every variant is converted from it and run on an engine. Not thread-safe.
 */
public final class PrecisionSearch {
    private final StaticQuantizer quantizer;
    private final StaticOptions.NodeConfig base;
    private final Engine engine;
    private final Iterable<Map<String, Tensor>> data;
    private final List<Node> layers;
    private final List<Map<String, Tensor>> exact = new ArrayList<>();
    private final IntConsumer progress;
    private int runs;

    /**
     * A search.
     *
     * @param quantizer the model, calibrated
     * @param base a say in how single nodes are quantized, before the search has its own
     * @param engine what runs the variants
     * @param data batches on which the float model and the variants are compared; gone through once for each variant
     * @param progress told the number of variants run so far after each
     * @throws IllegalArgumentException if an argument is null, or there are no batches
     */
    public PrecisionSearch(StaticQuantizer quantizer, StaticOptions.NodeConfig base, Engine engine,
            Iterable<Map<String, Tensor>> data, IntConsumer progress) {
        if (quantizer == null || base == null || engine == null || data == null || progress == null) {
            throw new IllegalArgumentException("quantizer, base, engine, data, progress: must be given");
        }
        this.quantizer = quantizer;
        this.base = base;
        this.engine = engine;
        this.data = data;
        this.progress = progress;
        layers = quantizer.layers();
        Executor real = Executor.plan(quantizer.prepared());
        data.forEach(batch -> exact.add(real.run(batch)));
        if (exact.isEmpty()) {
            throw new IllegalArgumentException("data: must hold at least one batch");
        }
    }

    /** {@return the layers that are quantized with a range of their own} */
    public List<Node> layers() {
        return layers;
    }

    /** {@return how many variants {@link #sensitivity()} runs} */
    public int sensitivityRuns() {
        return 2 * layers.size();
    }

    /**
     * Quantizes one layer at a time, and all but one at a time.
     *
     * @return what each layer costs, in the order of the nodes
     */
    public List<LayerSensitivity> sensitivity() {
        List<LayerSensitivity> found = new ArrayList<>();
        for (Node layer : layers) {
            Set<Node> others = new LinkedHashSet<>(layers);
            others.remove(layer);
            found.add(new LayerSensitivity(QConfigMapping.nameOf(layer), layer.opType(), measure(convert(others)),
                    measure(convert(Set.of(layer)))));
        }
        return List.copyOf(found);
    }

    /**
     * Keeps layers float until the quality is reached, those first that cost most when they alone are quantized; then
     * quantizes again those without which it is reached as well. So none of those that are left can be spared, though
     * another set of fewer layers may exist.
     *
     * @param target the quality wanted
     * @param sensitivity what {@link #sensitivity()} found
     * @return the layers to keep float, and the model
     */
    public MixedPrecision find(Target target, List<LayerSensitivity> sensitivity) {
        Map<String, Node> byName = new LinkedHashMap<>();
        layers.forEach(layer -> byName.put(QConfigMapping.nameOf(layer), layer));
        List<Node> worstFirst = sensitivity.stream()
                .sorted(Comparator.comparingDouble((LayerSensitivity s) -> s.alone().relativeRms()).reversed())
                .map(s -> byName.get(s.node())).toList();
        Set<Node> kept = new LinkedHashSet<>();
        Quality before = measure(convert(kept));
        Quality reached = before;
        for (Node next : worstFirst) {
            if (target.isMetBy(reached)) {
                break;
            }
            kept.add(next);
            reached = measure(convert(kept));
        }
        if (target.isMetBy(reached)) {
            reached = spare(target, kept, reached);
        }
        return new MixedPrecision(target, kept.stream().map(QConfigMapping::nameOf).toList(), before, reached,
                target.isMetBy(reached), convert(kept));
    }

    private Quality spare(Target target, Set<Node> kept, Quality reached) {
        Quality best = reached;
        // the last one added was needed
        for (Node node : List.copyOf(kept).reversed().stream().skip(1).toList()) {
            Set<Node> fewer = new LinkedHashSet<>(kept);
            fewer.remove(node);
            Quality without = measure(convert(fewer));
            if (target.isMetBy(without)) {
                kept.remove(node);
                best = without;
            }
        }
        return best;
    }

    private Model convert(Set<Node> keptFloat) {
        return quantizer.convert((node, config) -> keptFloat.contains(node) ? null : base.configure(node, config));
    }

    private Quality measure(Model model) {
        OutputSum sum = new OutputSum();
        try (LoweredModel lowered = LoweredModel.lower(model, engine)) {
            int batch = 0;
            for (Map<String, Tensor> inputs : data) {
                sum.add(exact.get(batch), lowered.run(inputs));
                batch++;
            }
        }
        runs++;
        progress.accept(runs);
        return sum.result();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.DataType;
import io.jquant.QuantizationParameters;
import io.jquant.graph.Attribute;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import io.jquant.graph.lowering.LoweredModel;
import io.jquant.quantization.passes.GraphPass;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Dynamic quantization: DynamicQuantizeMatMul, or MatMulNBits with weights of 4 bits, for Gemm and MatMul,
 * DynamicQuantizeLSTM for LSTM (all of domain com.microsoft), dequantized weights for GRU, and tables of 8 or 4 bits
 * for Gather.
 */
final class DynamicQuantizer {
    private static final String MICROSOFT = "com.microsoft";

    private final DynamicOptions options;
    private final GraphBuilder graph;
    private int quantized;

    private DynamicQuantizer(Model model, DynamicOptions options) {
        this.options = options;
        this.graph = new GraphBuilder(model.graph());
    }

    static Model quantize(Model model, DynamicOptions options) {
        Model prepared = Preparation.prepare(model);
        DynamicQuantizer quantizer = new DynamicQuantizer(prepared, options);
        prepared.graph().nodes().forEach(quantizer::visit);
        if (quantizer.quantized == 0) {
            throw new IllegalArgumentException("model = '" + model.graph().name()
                    + "': must have an operator that can be quantized");
        }
        Map<String, String> metadata = new LinkedHashMap<>(prepared.metadata());
        metadata.put(LoweredModel.ENGINE_PROPERTY, options.engine());
        metadata.put(LoweredModel.SCHEME_PROPERTY, "dynamic");
        if (options.perRow()) {
            metadata.put(LoweredModel.ACTIVATIONS_PROPERTY, LoweredModel.PER_ROW);
        }
        Map<String, Integer> opsets = new LinkedHashMap<>(prepared.opsets());
        opsets.putIfAbsent(MICROSOFT, 1);
        return new Model(prepared.irVersion(), opsets, "jquant", "", metadata, quantizer.graph.prune().build());
    }

    private void visit(Node original) {
        // an addition may have become part of the product before it
        Node node = graph.producer(original.output(0));
        if (node == null || !node.opType().equals(original.opType()) || !node.domain().isEmpty()) {
            return;
        }
        boolean done = switch (node.opType()) {
            case "MatMul" -> isWeight(node.input(1), 2) && config(node) != null && product(node);
            case "Gemm" -> isWeight(node.input(1), 2) && isPlainGemm(node) && config(node) != null && gemm(node);
            case "LSTM" -> isWeight(node.input(1), 3) && isWeight(node.input(2), 3) && config(node) != null
                    && lstm(node);
            case "GRU" -> isWeight(node.input(1), 3) && isWeight(node.input(2), 3) && config(node) != null
                    && gru(node);
            case "Gather" -> options.embeddingBits() < 32 && isWeight(node.input(0), 2)
                    && node.intAttribute("axis", 0) == 0 && config(node) != null && table(node);
            default -> false;
        };
        quantized += done ? 1 : 0;
    }

    private QConfig config(Node node) {
        return options.overrides().configure(node, options.qconfig());
    }

    private boolean isWeight(String value, int rank) {
        Tensor tensor = graph.initializer(value);
        return tensor != null && tensor.type() == DataType.F32 && tensor.rank() == rank && tensor.count() > 0;
    }

    private boolean isPlainGemm(Node node) {
        return node.intAttribute("transA", 0) == 0 && node.floatAttribute("alpha", 1) == 1
                && node.intAttribute("transB", 0) == 1 && (node.input(2).isEmpty() || (isWeight(node.input(2), 1)
                        && node.floatAttribute("beta", 1) == 1));
    }

    private QuantizationParameters observe(Node node, Tensor weight, int axis) {
        Observer observer = config(node).weight().apply(axis);
        observer.observe(weight);
        return observer.parameters();
    }

    private boolean product(Node node) {
        Node add = GraphPass.onlyReader(graph, node.output(0));
        Tensor weight = graph.initializer(node.input(1));
        String bias = add != null && add.is("Add") ? add.input(add.input(0).equals(node.output(0)) ? 1 : 0) : "";
        boolean biased = !bias.isEmpty() && isWeight(bias, 1) && graph.initializer(bias).count() == weight.dim(1);
        dynamicProduct(node, weight, biased ? bias : "", biased ? add : node);
        if (biased) {
            graph.remove(node);
        }
        return true;
    }

    private boolean gemm(Node node) {
        dynamicProduct(node, transposed(graph.initializer(node.input(1))), node.input(2), node);
        return true;
    }

    /** Puts a product of an activation and a weight, whose columns are outputs, in the place of a node. */
    private void dynamicProduct(Node node, Tensor weight, String bias, Node replaced) {
        if (options.groupSize() > 0 && weight.dim(0) >= options.groupSize()) {
            groupedProduct(node, weight, bias, replaced);
            return;
        }
        QuantizationParameters p = observe(node, weight, 1);
        List<String> inputs = new ArrayList<>(List.of(node.input(0)));
        inputs.addAll(write(node.input(1), WeightConverter.quantize(weight, p), p));
        if (!bias.isEmpty()) {
            inputs.add(bias);
        }
        graph.replace(replaced, new Node("DynamicQuantizeMatMul", MICROSOFT, node.name(), inputs,
                List.of(replaced.output(0)), Map.of()));
    }

    private void groupedProduct(Node node, Tensor weight, String bias, Node replaced) {
        GroupConverter made = GroupConverter.of(weight, options.groupSize());
        List<String> inputs = new ArrayList<>(List.of(node.input(0),
                graph.addInitializer(node.input(1) + "_quantized", made.integers()),
                graph.addInitializer(node.input(1) + "_scale", made.scales())));
        if (!bias.isEmpty()) {
            inputs.addAll(List.of("", "", bias));
        }
        graph.replace(replaced, new Node("MatMulNBits", MICROSOFT, node.name(), inputs,
                List.of(replaced.output(0)), Map.of("K", Attribute.of(weight.dim(0)), "N",
                        Attribute.of(weight.dim(1)), "bits", Attribute.of(4), "block_size",
                        Attribute.of(options.groupSize()), "accuracy_level", Attribute.of(4))));
    }

    /** Integers, scales and zero points as initializers. */
    private List<String> write(String value, Tensor integers, QuantizationParameters p) {
        Tensor scales = p.isPerTensor() ? Tensor.scalar(p.scale()) : Tensor.allocate(DataType.F32, p.channels());
        Tensor zeroPoints = p.isPerTensor() ? Tensor.allocate(p.type()) : Tensor.allocate(p.type(), p.channels());
        for (int i = 0; i < p.channels(); i++) {
            scales.floats()[i] = p.scale(i);
            zeroPoints.setLong(i, p.zeroPoint(i));
        }
        return List.of(graph.addInitializer(value + "_quantized", integers),
                graph.addInitializer(value + "_scale", scales),
                graph.addInitializer(value + "_zero_point", zeroPoints));
    }

    /** Exchanges the last two of the axes. */
    private static Tensor transposed(Tensor matrices) {
        int rows = matrices.dim(matrices.rank() - 2);
        int columns = matrices.dim(matrices.rank() - 1);
        float[] from = matrices.floats();
        float[] to = new float[matrices.count()];
        for (int i = 0; i < to.length; i++) {
            int matrix = i / (rows * columns);
            int row = i / columns % rows;
            to[matrix * rows * columns + i % columns * rows + row] = from[i];
        }
        return matrices.rank() == 2 ? Tensor.of(to, columns, rows) : Tensor.of(to, matrices.dim(0), columns, rows);
    }

    private boolean lstm(Node node) {
        if (node.intAttribute("layout", 0) != 0) {
            return false;
        }
        List<String> inputs = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            inputs.add(node.input(i));
        }
        List<String> parameters = new ArrayList<>();
        for (int weight = 1; weight <= 2; weight++) {
            Tensor real = graph.initializer(node.input(weight));
            int directions = real.dim(0);
            Tensor columns = transposed(real);
            int gates = columns.dim(2);
            // one row of scales for each direction: the columns of all directions side by side
            Tensor integers = Tensor.allocate(DataType.S8, directions, columns.dim(1), gates);
            Tensor scales = Tensor.allocate(DataType.F32, directions, gates);
            Tensor zeroPoints = Tensor.allocate(DataType.S8, directions, gates);
            for (int d = 0; d < directions; d++) {
                direction(node, columns, d, integers, scales, zeroPoints);
            }
            inputs.set(weight, graph.addInitializer(node.input(weight) + "_quantized", integers));
            parameters.add(graph.addInitializer(node.input(weight) + "_scale", scales));
            parameters.add(graph.addInitializer(node.input(weight) + "_zero_point", zeroPoints));
        }
        inputs.addAll(parameters);
        Map<String, Attribute> attributes = new TreeMap<>(node.attributes());
        attributes.remove("layout");
        graph.replace(node, new Node("DynamicQuantizeLSTM", MICROSOFT, node.name(), inputs, node.outputs(),
                attributes));
        return true;
    }

    private void direction(Node node, Tensor columns, int d, Tensor integers, Tensor scales, Tensor zeroPoints) {
        int gates = columns.dim(2);
        int size = columns.dim(1) * gates;
        float[] part = new float[size];
        System.arraycopy(columns.floats(), d * size, part, 0, size);
        Tensor weight = Tensor.of(part, columns.dim(1), gates);
        QuantizationParameters p = observe(node, weight, 1);
        Tensor made = WeightConverter.quantize(weight, p);
        System.arraycopy(made.bytes(), 0, integers.bytes(), d * size, size);
        for (int gate = 0; gate < gates; gate++) {
            scales.floats()[d * gates + gate] = p.scale(gate);
            zeroPoints.setLong(d * gates + gate, p.zeroPoint(gate));
        }
    }

    /** Weights of one direction, dequantized and given their leading axis again. */
    private boolean gru(Node node) {
        if (node.intAttribute("linear_before_reset", 0) == 0 || graph.initializer(node.input(1)).dim(0) != 1) {
            return false;
        }
        List<String> inputs = new ArrayList<>(node.inputs());
        for (int weight = 1; weight <= 2; weight++) {
            String name = node.input(weight);
            Tensor real = graph.initializer(name);
            Tensor rows = real.reshape(real.dim(1), real.dim(2));
            QuantizationParameters p = observe(node, rows, 0);
            List<String> read = write(name, WeightConverter.quantize(rows, p), p);
            String matrix = graph.freshName(name + "_dequantized");
            graph.add(new Node("DequantizeLinear", "", matrix, read, List.of(matrix),
                    p.isPerTensor() ? Map.of() : Map.of("axis", Attribute.of(0))));
            String axes = graph.addInitializer(name + "_axes", Tensor.of(new long[] {0}, 1));
            String whole = graph.freshName(name + "_unsqueezed");
            graph.add(new Node("Unsqueeze", "", whole, List.of(matrix, axes), List.of(whole), Map.of()));
            inputs.set(weight, whole);
        }
        graph.replace(node, node.withInputs(inputs));
        return true;
    }

    private boolean table(Node node) {
        new EmbeddingConverter(graph, node).convert(options.embeddingBits());
        return true;
    }
}

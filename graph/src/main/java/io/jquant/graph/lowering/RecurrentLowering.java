// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.Activation;
import io.jquant.Bias;
import io.jquant.DataType;
import io.jquant.DynamicLinearSpec;
import io.jquant.PackedLinear;
import io.jquant.QuantizationParameters;
import io.jquant.RecurrentSpec.Cell;
import io.jquant.graph.Attribute;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import io.jquant.spi.FloatKernels;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** DynamicQuantizeLSTM, and GRU on dequantized weights, on an engine's dynamic linear layers. */
final class RecurrentLowering {
    /** Where ONNX has the gates of PyTorch's order: input, forget, cell, output; reset, update, new. */
    private static final int[] LSTM_GATES = {0, 2, 3, 1};
    private static final int[] GRU_GATES = {1, 0, 2};

    private final Lowering lowering;
    private final QuantizedValues values;
    private final Node node;
    private final Cell cell;
    private final int[] order;
    private final Weights input;
    private final Weights hidden;
    private final Tensor bias;

    /**
     * Weights of all directions, features in rows or in columns.
     *
     * @param data the integers, {@code [directions][..][..]}
     * @param gatesFirst whether gates are rows
     * @param scale a scale for all, for each direction, or for each gate row of each direction
     * @param zeroPoint likewise, or null
     */
    private record Weights(Tensor data, boolean gatesFirst, Tensor scale, Tensor zeroPoint) {
        int gateRows() {
            return data.dim(gatesFirst ? 1 : 2);
        }

        int features() {
            return data.dim(gatesFirst ? 2 : 1);
        }

        /** The rows of one direction, their gates in PyTorch's order. */
        byte[] rows(int direction, int[] order) {
            int gates = gateRows();
            int features = features();
            int hidden = gates / order.length;
            byte[] rows = new byte[gates * features];
            for (int row = 0; row < gates; row++) {
                int from = order[row / hidden] * hidden + row % hidden;
                for (int k = 0; k < features; k++) {
                    int at = gatesFirst ? from * features + k : k * gates + from;
                    rows[row * features + k] = data.bytes()[direction * gates * features + at];
                }
            }
            return rows;
        }

        QuantizationParameters parameters(int direction, int[] order) {
            int gates = gateRows();
            int directions = data.dim(0);
            if (scale.count() <= directions) {
                int at = scale.count() == 1 ? 0 : direction;
                return QuantizationParameters.perTensor(data.type(), scale.floats()[at], zeroPoint(at));
            }
            float[] scales = new float[gates];
            int[] zeroPoints = new int[gates];
            int hidden = gates / order.length;
            for (int row = 0; row < gates; row++) {
                int from = direction * gates + order[row / hidden] * hidden + row % hidden;
                scales[row] = scale.floats()[from];
                zeroPoints[row] = zeroPoint(from);
            }
            return QuantizationParameters.perChannel(data.type(), scales, zeroPoints, 0);
        }

        private int zeroPoint(int at) {
            return zeroPoint == null ? 0 : (int) zeroPoint.getLong(Math.min(at, zeroPoint.count() - 1));
        }
    }

    private RecurrentLowering(Lowering lowering, QuantizedValues values, Node node, Cell cell, Weights input,
            Weights hidden, Tensor bias) {
        this.lowering = lowering;
        this.values = values;
        this.node = node;
        this.cell = cell;
        this.order = cell == Cell.LSTM ? LSTM_GATES : GRU_GATES;
        this.input = input;
        this.hidden = hidden;
        this.bias = bias;
    }

    /** The lowering of a node; null if it is no such layer, or one that cells cannot do. */
    static RecurrentLowering of(Lowering lowering, QuantizedValues values, Node node) {
        boolean lstm = DynamicLowering.isMicrosoft(node, "DynamicQuantizeLSTM");
        if (!lstm && !(node.is("GRU") && node.intAttribute("linear_before_reset", 0) != 0)) {
            return null;
        }
        Weights input = lstm ? microsoft(values, node, 1, 8) : dequantized(values, node.input(1));
        Weights hidden = lstm ? microsoft(values, node, 2, 10) : dequantized(values, node.input(2));
        Tensor bias = values.constant(node.input(3));
        boolean known = input != null && hidden != null && (node.input(3).isEmpty() || bias != null);
        boolean plain = node.input(4).isEmpty() && node.input(7).isEmpty() && node.intAttribute("layout", 0) == 0
                && node.intAttribute("input_forget", 0) == 0 && node.floatAttribute("clip", 0) == 0
                && node.attribute("activations", Attribute.Texts.class) == null;
        return known && plain
                ? new RecurrentLowering(lowering, values, node, lstm ? Cell.LSTM : Cell.GRU, input, hidden, bias)
                : null;
    }

    private static Weights microsoft(QuantizedValues values, Node node, int weight, int scale) {
        Tensor data = values.constant(node.input(weight));
        Tensor scales = values.constant(node.input(scale));
        Tensor zeroPoint = values.constant(node.input(scale + 1));
        return data == null || scales == null || (!node.input(scale + 1).isEmpty() && zeroPoint == null)
                ? null
                : new Weights(data, false, scales, zeroPoint);
    }

    /** The integers of a weight that is a reshaped, dequantized matrix of gate rows. */
    private static Weights dequantized(QuantizedValues values, String real) {
        Node reshape = values.producer(real);
        boolean unsqueezed = reshape != null && reshape.is("Unsqueeze");
        Operand operand = values.operand(unsqueezed ? reshape.input(0) : real);
        if (operand == null || operand.constant() == null || operand.parameters().type() == DataType.S32) {
            return null;
        }
        Tensor data = operand.constant();
        QuantizationParameters p = operand.parameters();
        boolean one = unsqueezed && data.rank() == 2 && (p.isPerTensor() || p.axis() == 0);
        if (!one && !(data.rank() == 3 && p.isPerTensor())) {
            return null;
        }
        Tensor scales = Tensor.allocate(DataType.F32, p.channels());
        Tensor zeroPoints = Tensor.allocate(DataType.S32, p.channels());
        for (int i = 0; i < p.channels(); i++) {
            scales.floats()[i] = p.scale(i);
            zeroPoints.ints()[i] = p.zeroPoint(i);
        }
        return new Weights(one ? data.reshape(1, data.dim(0), data.dim(1)) : data, true, scales, zeroPoints);
    }

    /** Adds the step; returns the tensors that it reads. */
    List<String> lower() {
        int directions = input.data().dim(0);
        RecurrentRun.Layer[] layers = new RecurrentRun.Layer[directions];
        for (int d = 0; d < directions; d++) {
            layers[d] = new RecurrentRun.Layer(cell, linear(input, d, 0), linear(hidden, d, 1));
        }
        boolean reverse = node.stringAttribute("direction", "forward").equals("reverse");
        List<String> reads = new ArrayList<>();
        for (int i : new int[] {0, 5, 6}) {
            if (!node.input(i).isEmpty() && values.constant(node.input(i)) == null) {
                reads.add(node.input(i));
            }
        }
        Tensor firstHidden = values.constant(node.input(5));
        Tensor firstCell = values.constant(node.input(6));
        FloatKernels floats = lowering.floats();
        RecurrentRun.Spaces spaces = new RecurrentRun.Spaces();
        lowering.add(frame -> {
            RecurrentRun run = new RecurrentRun(floats, layers, reverse,
                    (output, shape) -> node.output(output).isEmpty() ? Tensor.allocate(DataType.F32, shape)
                            : frame.real(node.output(output), DataType.F32, shape),
                    frame.tensor(node.input(0)),
                    firstHidden == null ? frame.tensor(node.input(5)) : firstHidden,
                    firstCell == null ? frame.tensor(node.input(6)) : firstCell);
            run.run(spaces);
            Tensor[] made = {run.outputs(), run.lastHidden(), run.lastCell()};
            for (int i = 0; i < node.outputs().size(); i++) {
                frame.put(node.output(i), made[i]);
            }
        }, Step.NONE);
        return reads;
    }

    private PackedLinear linear(Weights weights, int direction, int part) {
        int rows = weights.gateRows();
        return lowering.linear(node,
                new DynamicLinearSpec(weights.features(), rows, weights.parameters(direction, order), Activation.NONE,
                        true, false),
                () -> MemorySegment.ofArray(weights.rows(direction, order)), bias(direction, part));
    }

    /** The bias on the input or on the state. */
    private Bias bias(int direction, int part) {
        if (bias == null) {
            return Bias.none();
        }
        int rows = input.gateRows();
        int width = rows / order.length;
        float[] all = new float[rows];
        for (int gate = 0; gate < order.length; gate++) {
            int from = (2 * direction + part) * rows + order[gate] * width;
            System.arraycopy(Arrays.copyOfRange(bias.floats(), from, from + width), 0, all, gate * width, width);
        }
        return Bias.of(all);
    }
}

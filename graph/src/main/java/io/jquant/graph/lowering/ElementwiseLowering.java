// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.Activation;
import io.jquant.Binary;
import io.jquant.BinarySpec;
import io.jquant.Conversion;
import io.jquant.ConversionSpec;
import io.jquant.QuantizationParameters;
import io.jquant.Unary;
import io.jquant.UnaryFunction;
import io.jquant.UnarySpec;
import io.jquant.graph.Node;
import java.util.Arrays;

/** Functions of one or two elements at the same place. */
final class ElementwiseLowering {
    private ElementwiseLowering() {
    }

    /** Lowers Add, Sub or Mul; returns null, or why it cannot be. */
    static String binary(Lowering lowering, Pattern pattern) {
        Node node = pattern.core();
        Operand left = lowering.values().operand(node.input(0));
        Operand right = lowering.values().operand(node.input(1));
        if (left == null || right == null || (left.constant() != null && right.constant() != null)) {
            return "an operand is not quantized";
        }
        int leftRank = lowering.rank(left);
        int rightRank = lowering.rank(right);
        int rank = Math.max(leftRank, rightRank);
        if (leftRank < 0 || rightRank < 0) {
            return "the number of axes is not known";
        }
        // axes of size 1 can be put before a constant's at once, before another's only while it runs
        boolean aligned = (left.constant() != null || leftRank == rank) && (right.constant() != null
                || rightRank == rank) && rank >= 3;
        boolean last = aligned && (lowering.layout(left, Layout.PLAIN) == Layout.CHANNELS_LAST
                || lowering.layout(right, Layout.PLAIN) == Layout.CHANNELS_LAST);
        Layout layout = last ? Layout.CHANNELS_LAST : Layout.PLAIN;
        BinarySpec.Function function = switch (node.opType()) {
            case "Add" -> BinarySpec.Function.ADD;
            case "Sub" -> BinarySpec.Function.SUBTRACT;
            default -> BinarySpec.Function.MULTIPLY;
        };
        Binary operator = lowering.keep(lowering.engine().binary(new BinarySpec(function, pattern.activation(),
                left.parameters(), right.parameters(), pattern.output())));
        int a = lowering.slot(left, layout, rank);
        int b = lowering.slot(right, layout, rank);
        int to = lowering.define(pattern.target(), layout);
        lowering.add(frame -> run(operator, frame, a, b, to), to, a, b);
        return null;
    }

    private static void run(Binary operator, Frame frame, int left, int right, int to) {
        Buffer a = frame.buffer(left);
        Buffer b = frame.buffer(right);
        if (Arrays.equals(a.shape(), b.shape())) {
            operator.run(a.elements(), a.data(), b.data(), frame.allocate(to, a.shape()).data());
            return;
        }
        int rank = Math.max(a.shape().length, b.shape().length);
        int[] shape = new int[rank];
        for (int i = 0; i < rank; i++) {
            int l = i - rank + a.shape().length < 0 ? 1 : a.shape()[i - rank + a.shape().length];
            int r = i - rank + b.shape().length < 0 ? 1 : b.shape()[i - rank + b.shape().length];
            shape[i] = l == 1 ? r : l;
        }
        operator.run(a.shape(), a.data(), b.shape(), b.data(), frame.allocate(to, shape).data());
    }

    /** Lowers a function of one element; returns null, or why it cannot be. */
    static String unary(Lowering lowering, Pattern pattern) {
        Operand input = lowering.values().operand(pattern.core().input(0));
        UnaryFunction function = function(lowering.values(), pattern.core());
        if (input == null || input.constant() != null || lowering.rank(input) < 0) {
            return "the input is not quantized";
        }
        if (function == null) {
            return "the engine has no such function";
        }
        Unary operator = lowering.keep(lowering.engine().unary(
                new UnarySpec(function, input.parameters(), pattern.output())));
        Layout layout = lowering.layout(input, Layout.PLAIN);
        int from = lowering.slot(input, layout);
        int to = lowering.define(pattern.target(), layout);
        lowering.add(frame -> {
            Buffer in = frame.buffer(from);
            operator.run(in.elements(), in.data(), frame.allocate(to, in.shape()).data());
        }, to, from);
        return null;
    }

    private static UnaryFunction function(QuantizedValues values, Node node) {
        return switch (node.opType()) {
            case "Relu", "Clip" -> {
                Activation bounds = values.bounds(node);
                yield bounds == null ? null : new UnaryFunction.Clamp(bounds);
            }
            case "LeakyRelu" -> new UnaryFunction.LeakyRelu(node.floatAttribute("alpha", 0.01f));
            case "Elu" -> new UnaryFunction.Elu(node.floatAttribute("alpha", 1), 1, 1);
            case "HardSwish" -> new UnaryFunction.HardSwish();
            case "HardSigmoid" -> isSixth(node) ? new UnaryFunction.HardSigmoid() : null;
            case "Sigmoid" -> new UnaryFunction.Sigmoid();
            case "Tanh" -> new UnaryFunction.Tanh();
            case "Gelu" -> node.stringAttribute("approximate", "none").equals("none") ? new UnaryFunction.Gelu() : null;
            default -> null;
        };
    }

    /** Whether a HardSigmoid is PyTorch's; ONNX has another slope unless told. */
    private static boolean isSixth(Node node) {
        return Math.abs(node.floatAttribute("alpha", 0.2f) - 1f / 6) < 1e-6f
                && node.floatAttribute("beta", 0.5f) == 0.5f;
    }

    /** Makes a value of the parameters wanted from a slot of others. */
    static void requantize(Lowering lowering, int from, QuantizationParameters has, String target, Layout layout,
            QuantizationParameters wanted) {
        Conversion conversion = lowering.keep(lowering.engine().conversion(new ConversionSpec(has, wanted)));
        int to = lowering.define(target, layout);
        lowering.add(frame -> {
            Buffer in = frame.buffer(from);
            conversion.run(in.elements(), in.data(), frame.allocate(to, in.shape()).data());
        }, to, from);
    }
}

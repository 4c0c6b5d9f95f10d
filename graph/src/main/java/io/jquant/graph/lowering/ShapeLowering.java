// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.Concat;
import io.jquant.ConcatSpec;
import io.jquant.ImmutableFloats;
import io.jquant.LayerNormSpec;
import io.jquant.QuantizationParameters;
import io.jquant.RowWise;
import io.jquant.SoftmaxSpec;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Operators that bring elements to other places or join them, and those of whole rows. */
final class ShapeLowering {
    /** How the shape of a value follows from that of another. */
    private interface Change {
        int[] apply(int[] shape);
    }

    private ShapeLowering() {
    }

    /** Lowers Reshape, Flatten, Squeeze or Unsqueeze; returns null, or why it cannot be. */
    static String reshape(Lowering lowering, Pattern pattern) {
        Node node = pattern.core();
        Operand input = lowering.values().operand(node.input(0));
        if (input == null || input.constant() != null) {
            return "the input is not quantized";
        }
        Change change = change(lowering.values(), node);
        if (change == null) {
            return "the new shape is not known";
        }
        int from = lowering.slot(input, Layout.PLAIN);
        boolean same = input.parameters().equals(pattern.output());
        int to = same ? lowering.define(pattern.target(), Layout.PLAIN) : lowering.temporary();
        lowering.add(frame -> frame.share(to, from, change.apply(frame.buffer(from).shape())), to, from);
        if (!same) {
            ElementwiseLowering.requantize(lowering, to, input.parameters(), pattern.target(), Layout.PLAIN,
                    pattern.output());
        }
        return null;
    }

    private static Change change(QuantizedValues values, Node node) {
        int rank = values.shape(node.input(0)).rank();
        int outputRank = values.shape(node.output(0)).rank();
        if (rank < 0 || outputRank < 0) {
            return null;
        }
        return switch (node.opType()) {
            case "Flatten" -> {
                long axis = node.intAttribute("axis", 1);
                int split = (int) (axis < 0 ? axis + rank : axis);
                yield shape -> new int[] {product(shape, 0, split), product(shape, split, shape.length)};
            }
            case "Reshape" -> {
                Tensor target = values.constant(node.input(1));
                boolean copies = node.intAttribute("allowzero", 0) == 0;
                yield target == null || !copies ? null : shape -> reshaped(shape, target.toLongs());
            }
            default -> {
                int[] known = new int[outputRank];
                Arrays.setAll(known, i -> values.size(node.output(0), i));
                yield Arrays.stream(known).filter(s -> s < 0).count() > 1
                        ? null
                        : shape -> completed(known, product(shape, 0, shape.length));
            }
        };
    }

    private static int[] reshaped(int[] shape, long[] target) {
        int[] sizes = new int[target.length];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = target[i] == 0 ? shape[i] : (int) target[i];
        }
        return completed(sizes, product(shape, 0, shape.length));
    }

    private static int[] completed(int[] sizes, int elements) {
        int[] complete = sizes.clone();
        int rest = 1;
        int open = -1;
        for (int i = 0; i < complete.length; i++) {
            if (complete[i] < 0) {
                open = i;
            } else {
                rest *= complete[i];
            }
        }
        if (open >= 0) {
            complete[open] = rest == 0 ? 0 : elements / rest;
        }
        if (product(complete, 0, complete.length) != elements) {
            throw new IllegalArgumentException("shape = " + Arrays.toString(sizes) + ": must have " + elements
                    + " elements");
        }
        return complete;
    }

    private static int product(int[] shape, int from, int to) {
        int product = 1;
        for (int i = from; i < to; i++) {
            product = Math.multiplyExact(product, shape[i]);
        }
        return product;
    }

    /** Lowers Transpose; returns null, or why it cannot be. */
    static String transpose(Lowering lowering, Pattern pattern) {
        Node node = pattern.core();
        Operand input = lowering.values().operand(node.input(0));
        int rank = input == null || input.constant() != null ? -1 : lowering.rank(input);
        if (rank < 0) {
            return "the input is not quantized";
        }
        long[] order = node.intsAttribute("perm");
        Layout layout = lowering.layout(input, Layout.PLAIN);
        int[] permutation = new int[rank];
        for (int i = 0; i < rank; i++) {
            permutation[i] = layout.place(order == null ? rank - 1 - i : (int) order[i], rank);
        }
        int from = lowering.slot(input, layout);
        boolean same = input.parameters().equals(pattern.output());
        int to = same ? lowering.define(pattern.target(), Layout.PLAIN) : lowering.temporary();
        lowering.transpose(from, to, permutation);
        if (!same) {
            ElementwiseLowering.requantize(lowering, to, input.parameters(), pattern.target(), Layout.PLAIN,
                    pattern.output());
        }
        return null;
    }

    /** Lowers Concat; returns null, or why it cannot be. */
    static String concat(Lowering lowering, Pattern pattern) {
        Node node = pattern.core();
        List<Operand> inputs = new ArrayList<>();
        Layout layout = Layout.PLAIN;
        int rank = -1;
        for (String value : node.inputs()) {
            Operand input = lowering.values().operand(value);
            if (input == null || lowering.rank(input) < 1) {
                return "an input is not quantized";
            }
            inputs.add(input);
            rank = lowering.rank(input);
            if (lowering.layout(input, Layout.PLAIN) == Layout.CHANNELS_LAST) {
                layout = Layout.CHANNELS_LAST;
            }
        }
        long axis = node.intAttribute("axis", 0);
        int place = layout.place((int) (axis < 0 ? axis + rank : axis), rank);
        int[] from = new int[inputs.size()];
        for (int i = 0; i < from.length; i++) {
            from[i] = lowering.slot(inputs.get(i), layout);
        }
        Concat operator = lowering.keep(lowering.engine().concat(
                new ConcatSpec(inputs.stream().map(Operand::parameters).toList(), pattern.output())));
        int to = lowering.define(pattern.target(), layout);
        lowering.add(frame -> run(operator, frame, from, place, to), to, from);
        return null;
    }

    private static void run(Concat operator, Frame frame, int[] from, int place, int to) {
        long[] columns = new long[from.length];
        List<MemorySegment> segments = new ArrayList<>(from.length);
        int[] shape = frame.buffer(from[0]).shape().clone();
        shape[place] = 0;
        for (int i = 0; i < from.length; i++) {
            Buffer input = frame.buffer(from[i]);
            columns[i] = input.product(place, shape.length);
            segments.add(input.data());
            shape[place] += input.shape()[place];
        }
        long rows = frame.buffer(from[0]).product(0, place);
        operator.run(rows, columns, segments, frame.allocate(to, shape).data());
    }

    /** Lowers Softmax or LayerNormalization; returns null, or why it cannot be. */
    static String rows(Lowering lowering, Pattern pattern) {
        Node node = pattern.core();
        Operand input = lowering.values().operand(node.input(0));
        int rank = input == null || input.constant() != null ? -1 : lowering.rank(input);
        if (rank < 1) {
            return "the input is not quantized";
        }
        long axis = node.intAttribute("axis", -1);
        int logical = (int) (axis < 0 ? axis + rank : axis);
        // either layout may have the axis last; a layer norm goes over all axes from it on
        Layout layout = rank > 2 && logical == 1 && node.is("Softmax") ? Layout.CHANNELS_LAST : Layout.PLAIN;
        int size = lowering.values().size(node.input(0), logical);
        if (size < 1 || layout.place(logical, rank) != rank - 1) {
            return "the axis is not the last, or its size is not known";
        }
        RowWise operator = node.is("Softmax")
                ? lowering.engine().softmax(new SoftmaxSpec(size, input.parameters(), pattern.output()))
                : layerNorm(lowering, node, size, input.parameters(), pattern.output());
        if (operator == null) {
            return "scale or bias are not known, or there are more outputs";
        }
        lowering.keep(operator);
        int from = lowering.slot(input, layout);
        int to = lowering.define(pattern.target(), layout);
        lowering.add(frame -> {
            Buffer in = frame.buffer(from);
            operator.run(in.product(0, in.shape().length - 1), in.data(), frame.allocate(to, in.shape()).data());
        }, to, from);
        return null;
    }

    private static RowWise layerNorm(Lowering lowering, Node node, int size, QuantizationParameters input,
            QuantizationParameters output) {
        Tensor gamma = lowering.values().constant(node.input(1));
        Tensor beta = node.input(2).isEmpty() ? null : lowering.values().constant(node.input(2));
        boolean known = gamma != null && gamma.count() == size && node.outputs().size() == 1
                && (node.input(2).isEmpty() || (beta != null && beta.count() == size));
        return known ? lowering.engine().layerNorm(new LayerNormSpec(size, node.floatAttribute("epsilon", 1e-5f),
                new ImmutableFloats(gamma.toFloats()), beta == null ? null : new ImmutableFloats(beta.toFloats()),
                input, output)) : null;
    }
}

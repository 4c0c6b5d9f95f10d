// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.Extent;
import io.jquant.Pooling;
import io.jquant.PoolingSpec;
import io.jquant.QuantizationParameters;
import io.jquant.ResizeSpec;
import io.jquant.Spatial;
import io.jquant.Window;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import java.util.Arrays;

/** Poolings and resizes. */
final class SpatialLowering {
    private SpatialLowering() {
    }

    /** Lowers a pooling; returns null, or why it cannot be. */
    static String pooling(Lowering lowering, Pattern pattern) {
        Node node = pattern.core();
        Operand input = lowering.values().operand(node.input(0));
        int rank = input == null || input.constant() != null ? -1 : lowering.rank(input);
        int channels = rank < 3 || rank > 5 ? -1 : lowering.values().size(node.input(0), 1);
        if (channels < 1) {
            return "the input is not quantized, or its channels are not known";
        }
        Pooling pooling = pooling(lowering.values(), node);
        boolean averages = pooling instanceof Pooling.Average || pooling instanceof Pooling.AdaptiveAverage;
        if (pooling == null) {
            return "the engine has no such pooling";
        }
        if (averages && input.parameters().type() != pattern.output().type()) {
            return "input and output are of different types";
        }
        QuantizationParameters pooled = averages ? pattern.output() : input.parameters();
        Spatial operator = lowering.keep(lowering.engine().pooling(
                new PoolingSpec(pooling, channels, input.parameters(), pooled)));
        boolean flat = node.is("ReduceMean") && node.intAttribute("keepdims", 1) == 0;
        finish(lowering, pattern, operator, input, channels, pooled, flat);
        return null;
    }

    private static Pooling pooling(QuantizedValues values, Node node) {
        return switch (node.opType()) {
            case "GlobalAveragePool" -> new Pooling.AdaptiveAverage(Extent.ONE);
            case "GlobalMaxPool" -> new Pooling.AdaptiveMax(Extent.ONE);
            case "ReduceMean" -> isSpatial(values, node) ? new Pooling.AdaptiveAverage(Extent.ONE) : null;
            default -> windowed(values, node);
        };
    }

    private static Pooling windowed(QuantizedValues values, Node node) {
        long[] kernel = node.intsAttribute("kernel_shape");
        Window window = kernel == null ? null : Windows.of(values, node, Windows.extent(kernel, 1));
        boolean ceiling = node.intAttribute("ceil_mode", 0) != 0;
        if (window == null || (node.outputs().size() > 1 && !node.output(1).isEmpty())) {
            return null;
        }
        try {
            return node.is("MaxPool")
                    ? new Pooling.Max(window, ceiling)
                    : new Pooling.Average(window, ceiling, node.intAttribute("count_include_pad", 0) != 0, 0);
        } catch (IllegalArgumentException e) {
            // a window that ONNX allows and engines do not: the node stays as it is
            return null;
        }
    }

    private static boolean isSpatial(QuantizedValues values, Node node) {
        int rank = values.shape(node.input(0)).rank();
        Tensor constant = node.input(1).isEmpty() ? null : values.constant(node.input(1));
        long[] axes = constant != null ? constant.toLongs() : node.intsAttribute("axes");
        if (axes == null || axes.length != rank - 2) {
            return false;
        }
        long[] sorted = Arrays.stream(axes).map(a -> a < 0 ? a + rank : a).sorted().toArray();
        for (int i = 0; i < sorted.length; i++) {
            if (sorted[i] != i + 2) {
                return false;
            }
        }
        return true;
    }

    /** Lowers a resize; returns null, or why it cannot be. */
    static String resize(Lowering lowering, Pattern pattern) {
        Node node = pattern.core();
        Operand input = lowering.values().operand(node.input(0));
        int rank = input == null || input.constant() != null ? -1 : lowering.rank(input);
        int channels = rank < 3 || rank > 5 ? -1 : lowering.values().size(node.input(0), 1);
        if (channels < 1 || lowering.values().size(node.output(0), 1) != channels) {
            return "the input is not quantized, or its channels are not known or change";
        }
        long[] size = new long[rank - 2];
        boolean whole = true;
        for (int i = 0; i < size.length; i++) {
            size[i] = lowering.values().size(node.output(0), i + 2);
            long before = lowering.values().size(node.input(0), i + 2);
            if (size[i] < 1 || before < 1) {
                return "the sizes are not known";
            }
            whole &= size[i] % before == 0;
        }
        String mode = node.stringAttribute("mode", "nearest");
        String coordinates = node.stringAttribute("coordinate_transformation_mode", "half_pixel");
        String rounding = node.stringAttribute("nearest_mode", "round_prefer_floor");
        // for whole factors these choose the same points
        boolean nearest = mode.equals("nearest") && ((coordinates.equals("asymmetric") && rounding.equals("floor"))
                || (whole && coordinates.equals("half_pixel") && rounding.startsWith("round")));
        boolean corners = coordinates.equals("align_corners");
        boolean linear = mode.equals("linear") && rank <= 4 && (corners || coordinates.equals("half_pixel"));
        if (!nearest && !linear) {
            return "the engine has no such resize";
        }
        Spatial operator = lowering.keep(lowering.engine().resize(new ResizeSpec(
                nearest ? ResizeSpec.Mode.NEAREST : ResizeSpec.Mode.BILINEAR, linear && corners,
                Windows.extent(size, 1), channels, input.parameters())));
        finish(lowering, pattern, operator, input, channels, input.parameters(), false);
        return null;
    }

    private static void finish(Lowering lowering, Pattern pattern, Spatial operator, Operand input, int channels,
            QuantizationParameters makes, boolean flat) {
        int from = lowering.slot(input, Layout.CHANNELS_LAST);
        boolean direct = makes.equals(pattern.output());
        Layout layout = flat ? Layout.PLAIN : Layout.CHANNELS_LAST;
        int to = direct ? lowering.define(pattern.target(), layout) : lowering.temporary();
        lowering.add(frame -> {
            Buffer in = frame.buffer(from);
            Extent extent = in.extent();
            int[] shape = flat ? new int[] {in.shape()[0], channels}
                    : in.shapeWith(operator.outputExtent(extent), channels);
            operator.run(in.shape()[0], extent, in.data(), frame.allocate(to, shape).data());
        }, to, from);
        if (!direct) {
            ElementwiseLowering.requantize(lowering, to, makes, pattern.target(), layout, pattern.output());
        }
    }
}

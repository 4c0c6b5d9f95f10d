// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.Extent;
import io.jquant.Window;
import io.jquant.graph.Node;

/** The window of a convolution or pooling from a node's attributes. */
final class Windows {
    private Windows() {
    }

    /** One to three sizes, the missing leading ones neutral. */
    static Extent extent(long[] sizes, int neutral) {
        int[] all = {neutral, neutral, neutral};
        for (int i = 0; i < sizes.length; i++) {
            all[3 - sizes.length + i] = Math.toIntExact(sizes[i]);
        }
        return new Extent(all[0], all[1], all[2]);
    }

    /** The window of a node with a kernel; null if its padding depends on sizes that are not known. */
    static Window of(QuantizedValues values, Node node, Extent kernel) {
        int axes = values.shape(node.input(0)).rank() - 2;
        long[] strides = node.intsAttribute("strides");
        long[] dilations = node.intsAttribute("dilations");
        Window window = Window.of(kernel)
                .withStride(strides == null ? Extent.ONE : extent(strides, 1))
                .withDilation(dilations == null ? Extent.ONE : extent(dilations, 1));
        return switch (node.stringAttribute("auto_pad", "NOTSET")) {
            case "NOTSET" -> explicit(node, window, axes);
            case "VALID" -> window;
            case "SAME_UPPER" -> node.is("ConvTranspose") ? null : same(values, node, window, axes, true);
            case "SAME_LOWER" -> node.is("ConvTranspose") ? null : same(values, node, window, axes, false);
            default -> null;
        };
    }

    private static Window explicit(Node node, Window window, int axes) {
        long[] pads = node.intsAttribute("pads");
        if (pads == null) {
            return window;
        }
        long[] begin = new long[axes];
        long[] end = new long[axes];
        System.arraycopy(pads, 0, begin, 0, axes);
        System.arraycopy(pads, axes, end, 0, axes);
        return window.withPadding(extent(begin, 0), extent(end, 0));
    }

    /** Padding that makes the output the input's size divided by the stride. */
    private static Window same(QuantizedValues values, Node node, Window window, int axes, boolean upper) {
        long[] begin = new long[axes];
        long[] end = new long[axes];
        for (int i = 0; i < axes; i++) {
            int axis = 3 - axes + i;
            int size = values.size(node.input(0), i + 2);
            if (size < 0) {
                return null;
            }
            int stride = window.stride().get(axis);
            int reach = window.dilation().get(axis) * (window.kernel().get(axis) - 1) + 1;
            int total = Math.max(0, (Math.ceilDiv(size, stride) - 1) * stride + reach - size);
            begin[i] = upper ? total / 2 : Math.ceilDiv(total, 2);
            end[i] = total - begin[i];
        }
        return window.withPadding(extent(begin, 0), extent(end, 0));
    }
}

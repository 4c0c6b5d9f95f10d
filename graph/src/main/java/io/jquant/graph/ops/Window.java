// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A window that slides over up to three spatial dimensions. Fewer dimensions are led by dimensions of size 1, so that
 * a kernel always sees depth, height, width.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared or handed out of the package
record Window(int[] in, int[] out, int[] kernel, int[] stride, int[] dilation, int[] pad,
        int[] padEnd) {
    /** Most spatial dimensions. */
    static final int SPATIAL = 3;

    /** Attributes of a sliding window as the node gives them, with defaults filled in and checked. */
    // never compared or handed out
    @SuppressWarnings("ArrayRecordComponent")
    record Attributes(long[] kernel, long[] strides, long[] dilations, long[] pads, String autoPad, boolean ceil) {
        static Attributes of(OpContext c, long[] kernel) {
            int n = kernel.length;
            c.require(n <= SPATIAL, "has " + n + " spatial dimensions: must have at most " + SPATIAL);
            String autoPad = c.text("auto_pad", "NOTSET");
            c.require(List.of("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER").contains(autoPad),
                    "auto_pad = " + autoPad + ": must be NOTSET, VALID, SAME_UPPER or SAME_LOWER");
            return new Attributes(list(c, "kernel_shape", kernel, n, 1, kernel),
                    list(c, "strides", c.integers("strides"), n, 1, null),
                    list(c, "dilations", c.integers("dilations"), n, 1, null),
                    list(c, "pads", autoPad.equals("NOTSET") ? c.integers("pads") : null, 2 * n, 0, null), autoPad,
                    c.flag("ceil_mode", false));
        }

        private static long[] list(OpContext c, String name, long[] given, int n, int least, long[] absent) {
            if (given == null) {
                long[] filled = new long[n];
                Arrays.fill(filled, least);
                return absent == null ? filled : absent;
            }
            c.require(given.length == n && Arrays.stream(given).allMatch(v -> v >= least && v <= 1 << 24),
                    name + " = " + Arrays.toString(given) + ": must be " + n + " numbers of " + least
                            + " or more and at most " + (1 << 24));
            return given;
        }

        private long extent(int i) {
            return (kernel[i] - 1) * dilations[i] + 1;
        }

        /** Size of the output in one dimension. */
        private long size(OpContext c, int i, long in) {
            int n = kernel.length;
            c.require(extent(i) <= 1 << 30, "the window of " + extent(i) + " in spatial dimension " + i
                    + " must be at most " + (1 << 30));
            if (autoPad.startsWith("SAME")) {
                return Math.ceilDiv(in, strides[i]);
            }
            long room = in + pads[i] + pads[n + i] - extent(i);
            c.require(room >= 0 || in == 0, "the window of " + extent(i) + " is larger than the padded input of "
                    + (room + extent(i)) + " in spatial dimension " + i);
            if (room < 0) {
                return 0;
            }
            long size = ceil ? Math.ceilDiv(room, strides[i]) + 1 : room / strides[i] + 1;
            // a window must not start in the padding behind the input
            return ceil && (size - 1) * strides[i] >= in + pads[i] ? size - 1 : size;
        }

        private long pad(int i, long in, long out, boolean before) {
            if (!autoPad.startsWith("SAME")) {
                return pads[before ? i : kernel.length + i];
            }
            long total = Math.max(0, (out - 1) * strides[i] + extent(i) - in);
            return autoPad.equals("SAME_UPPER") == before ? total / 2 : total - total / 2;
        }
    }

    /** Spatial sizes of the output: batch and channels are the caller's. */
    static List<Dim> outputDims(OpContext c, Attributes a, Shape input) {
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < a.kernel.length; i++) {
            Dim in = input.dim(i + 2);
            boolean same = a.strides[i] == 1 && a.autoPad.startsWith("SAME");
            dims.add(in.isKnown() ? Dim.of(a.size(c, i, in.value())) : same ? in : Dim.UNKNOWN);
        }
        return dims;
    }

    /** The window over an input of which the spatial sizes are at {@code 2..}, onto an output likewise. */
    static Window of(Attributes a, Tensor input, Tensor output) {
        int n = a.kernel.length;
        Window w = new Window(ones(), ones(), ones(), ones(), ones(), new int[SPATIAL], new int[SPATIAL]);
        for (int i = 0; i < n; i++) {
            int at = SPATIAL - n + i;
            w.in[at] = input.dim(i + 2);
            w.out[at] = output.dim(i + 2);
            w.kernel[at] = (int) a.kernel[i];
            w.stride[at] = (int) a.strides[i];
            w.dilation[at] = (int) a.dilations[i];
            w.pad[at] = (int) a.pad(i, w.in[at], w.out[at], true);
            w.padEnd[at] = (int) a.pad(i, w.in[at], w.out[at], false);
        }
        return w;
    }

    private static int[] ones() {
        return new int[] {1, 1, 1};
    }

    int inSize() {
        return in[0] * in[1] * in[2];
    }

    int outSize() {
        return out[0] * out[1] * out[2];
    }

    int kernelSize() {
        return kernel[0] * kernel[1] * kernel[2];
    }

    /** The first position of the window in dimension {@code d} for output {@code o}, before the padding counts. */
    int start(int d, int o) {
        return o * stride[d] - pad[d];
    }

    /** The first kernel position that lies inside the input. */
    int firstInside(int d, int start) {
        return start >= 0 ? 0 : Math.ceilDiv(-start, dilation[d]);
    }

    /** The kernel position behind the last one that lies inside the input. */
    int endInside(int d, int start) {
        return Math.max(0, Math.min(kernel[d], Math.ceilDiv(in[d] - start, dilation[d])));
    }
}

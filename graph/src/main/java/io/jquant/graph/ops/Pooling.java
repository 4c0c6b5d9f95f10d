// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static io.jquant.DataType.BF16;
import static io.jquant.DataType.F16;
import static io.jquant.DataType.F32;
import static io.jquant.DataType.S64;
import static io.jquant.DataType.S8;
import static io.jquant.DataType.U8;
import static io.jquant.graph.ops.Op.onnx;

import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Maxima and averages of sliding windows and of whole channels. */
final class Pooling {
    static final List<Op> OPS = List.of(
            onnx("MaxPool", 1, "1", "1", "auto_pad:s kernel_shape:I! pads:I strides:I", Pooling::inferMax,
                    Widening.of(Pooling::max)),
            onnx("MaxPool", 8, "1", "1-2", "auto_pad:s kernel_shape:I! pads:I storage_order:i strides:I",
                    Pooling::inferMax, Widening.of(Pooling::max)),
            onnx("MaxPool", 10, "1", "1-2", "auto_pad:s ceil_mode:i dilations:I kernel_shape:I! pads:I storage_order:i"
                    + " strides:I", Pooling::inferMax, Widening.of(Pooling::max)),
            onnx("AveragePool", 7, "1", "1", "auto_pad:s count_include_pad:i kernel_shape:I! pads:I strides:I",
                    Pooling::inferAverage, Widening.of(Pooling::average)),
            onnx("AveragePool", 10, "1", "1", "auto_pad:s ceil_mode:i count_include_pad:i kernel_shape:I! pads:I"
                    + " strides:I", Pooling::inferAverage, Widening.of(Pooling::average)),
            onnx("AveragePool", 19, "1", "1", "auto_pad:s ceil_mode:i count_include_pad:i dilations:I kernel_shape:I!"
                    + " pads:I strides:I", Pooling::inferAverage, Widening.of(Pooling::average)),
            onnx("GlobalAveragePool", 1, "1", "1", "", Pooling::inferGlobal, Widening.of(r -> global(r, false))),
            onnx("GlobalMaxPool", 1, "1", "1", "", Pooling::inferGlobal, Widening.of(r -> global(r, true))));

    private Pooling() {}

    private static void inferMax(InferContext c) {
        c.requireType(0, F32, F16, BF16, U8, S8);
        Shape shape = shape(c, 0);
        c.output(0, c.type(0), shape);
        c.output(1, S64, shape);
    }

    private static void inferAverage(InferContext c) {
        c.requireFloat(0);
        c.output(0, c.type(0), shape(c, 0));
    }

    /** Shape of a pooled input of layout batch, channels, spatial. */
    static Shape shape(InferContext c, int i) {
        long[] kernel = c.integers("kernel_shape");
        c.requireRank(i, kernel.length + 2, kernel.length + 2);
        Window.Attributes attributes = Window.Attributes.of(c, kernel);
        if (!c.shape(i).isRanked()) {
            return Shape.ofRank(kernel.length + 2);
        }
        List<Dim> dims = new ArrayList<>(c.shape(i).dims().subList(0, 2));
        dims.addAll(Window.outputDims(c, attributes, c.shape(i)));
        return Shape.of(dims);
    }

    static Window window(RunContext r) {
        return Window.of(Window.Attributes.of(r, r.integers("kernel_shape")), r.in(0), r.out());
    }

    /** One window: the part of it inside the input, as bounds of the kernel's positions per dimension. */
    @FunctionalInterface
    interface Visitor {
        void visit(int plane, int out, int[] start, int[] first, int[] end);
    }

    static void forEachWindow(Window w, int planes, Visitor visitor) {
        int[] start = new int[Window.SPATIAL];
        int[] first = new int[Window.SPATIAL];
        int[] end = new int[Window.SPATIAL];
        for (int plane = 0; plane < planes; plane++) {
            for (int p = 0; p < w.outSize(); p++) {
                int[] position = {p / w.out()[2] / w.out()[1], p / w.out()[2] % w.out()[1], p % w.out()[2]};
                for (int d = 0; d < Window.SPATIAL; d++) {
                    start[d] = w.start(d, position[d]);
                    first[d] = w.firstInside(d, start[d]);
                    end[d] = w.endInside(d, start[d]);
                }
                visitor.visit(plane, plane * w.outSize() + p, start, first, end);
            }
        }
    }

    private static void max(RunContext r) {
        Window w = window(r);
        Tensor x = r.in(0);
        boolean columnMajor = r.integer("storage_order", 0) != 0;
        double lowest = x.type().isFloating() ? Double.NEGATIVE_INFINITY : x.type().min();
        forEachWindow(w, x.dim(0) * x.dim(1), (plane, out, start, first, end) -> {
            double best = lowest;
            long at = -1;
            for (int d = first[0]; d < end[0]; d++) {
                for (int h = first[1]; h < end[1]; h++) {
                    for (int v = first[2]; v < end[2]; v++) {
                        int line = (start[0] + d * w.dilation()[0]) * w.in()[1] + start[1] + h * w.dilation()[1];
                        int inside = line * w.in()[2] + start[2] + v * w.dilation()[2];
                        double value = x.getDouble(plane * w.inSize() + inside);
                        if (value > best || at < 0 || Double.isNaN(value)) {
                            best = value;
                            at = inside;
                        }
                    }
                }
            }
            r.out().setDouble(out, best);
            if (r.wants(1)) {
                r.out(1).longs()[out] = (long) plane * w.inSize() + (columnMajor ? columnMajor(w, at) : at);
            }
        });
    }

    private static long columnMajor(Window w, long inside) {
        long column = inside % w.in()[2];
        long row = inside / w.in()[2] % w.in()[1];
        long depth = inside / w.in()[2] / w.in()[1];
        return (column * w.in()[1] + row) * w.in()[0] + depth;
    }

    static void average(RunContext r) {
        Window w = window(r);
        float[] x = r.in(0).floats();
        boolean countPadding = r.flag("count_include_pad", false);
        forEachWindow(w, r.in(0).dim(0) * r.in(0).dim(1), (plane, out, start, first, end) -> {
            // in binary32, as ONNX Runtime has it: QLinearAveragePool rounds what comes of it
            float sum = 0;
            for (int d = first[0]; d < end[0]; d++) {
                for (int h = first[1]; h < end[1]; h++) {
                    int line = (start[0] + d * w.dilation()[0]) * w.in()[1] + start[1] + h * w.dilation()[1];
                    for (int v = first[2]; v < end[2]; v++) {
                        sum += x[plane * w.inSize() + line * w.in()[2] + start[2] + v * w.dilation()[2]];
                    }
                }
            }
            r.out().floats()[out] = sum / divisor(w, countPadding, start, first, end);
        });
    }

    /** Positions that count: those inside the input, or inside the input with its padding. */
    static long divisor(Window w, boolean countPadding, int[] start, int[] first, int[] end) {
        long count = 1;
        for (int d = 0; d < Window.SPATIAL; d++) {
            int padded = Math.min(w.kernel()[d],
                    Math.ceilDiv(w.in()[d] + w.padEnd()[d] - start[d], w.dilation()[d]));
            count *= countPadding ? padded : end[d] - first[d];
        }
        return count;
    }

    static void inferGlobal(InferContext c) {
        c.requireFloat(0);
        c.output(0, c.type(0), globalShape(c, 0));
    }

    static Shape globalShape(InferContext c, int i) {
        c.requireRank(i, 2, 99);
        if (!c.shape(i).isRanked()) {
            return Shape.UNKNOWN;
        }
        List<Dim> dims = new ArrayList<>(c.shape(i).dims().subList(0, 2));
        dims.addAll(Collections.nCopies(c.shape(i).rank() - 2, Dim.of(1)));
        return Shape.of(dims);
    }

    static void global(RunContext r, boolean max) {
        Tensor x = r.in(0);
        int planes = x.dim(0) * x.dim(1);
        int size = planes == 0 ? 0 : x.count() / planes;
        for (int i = 0; i < planes; i++) {
            double result = max ? Double.NEGATIVE_INFINITY : 0;
            for (int k = i * size; k < (i + 1) * size; k++) {
                result = max ? Math.max(result, x.floats()[k]) : result + x.floats()[k];
            }
            r.out().floats()[i] = (float) (max ? result : result / size);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.DataType;
import io.jquant.graph.Attribute;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Node;
import io.jquant.graph.OnnxDataTypes;
import io.jquant.graph.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A table that Gather reads as integers with a scale for every row, in operators that every ONNX runtime has: rows are
 * picked while they are integers, and only those become real numbers.
 */
final class EmbeddingConverter {
    private static final int NIBBLES = 16;

    private final GraphBuilder graph;
    private final Node gather;
    private final String table;
    private final Tensor real;

    EmbeddingConverter(GraphBuilder graph, Node gather) {
        this.graph = graph;
        this.gather = gather;
        this.table = gather.input(0);
        this.real = graph.initializer(table);
    }

    /** Rewrites the Gather for a table of 8 or 4 bits. */
    void convert(int bits) {
        boolean nibbles = bits == 4;
        int most = nibbles ? 7 : 127;
        float[] scales = scales(most);
        String picked = node("Gather", gather.attributes(), graph.addInitializer(table + "_quantized",
                nibbles ? packed(scales) : bytes(scales)), gather.input(1));
        String numbers = cast(DataType.F32, picked);
        String integers = nibbles ? unpacked(numbers) : numbers;
        String scale = node("Gather", gather.attributes(),
                graph.addInitializer(table + "_scale", Tensor.of(scales, scales.length, 1)), gather.input(1));
        graph.replace(gather, new Node("Mul", "", gather.name(), List.of(integers, scale), gather.outputs(), Map.of()));
    }

    private float[] scales(int most) {
        int width = real.dim(1);
        float[] scales = new float[real.dim(0)];
        Arrays.fill(scales, 1);
        for (int row = 0; row < scales.length; row++) {
            float largest = 0;
            for (int i = 0; i < width; i++) {
                largest = Math.max(largest, Math.abs(real.floats()[row * width + i]));
            }
            scales[row] = largest > 0 ? Math.max(largest / most, Float.MIN_NORMAL) : 1;
        }
        return scales;
    }

    private Tensor bytes(float[] scales) {
        int width = real.dim(1);
        Tensor bytes = Tensor.allocate(DataType.S8, real.shape());
        for (int i = 0; i < real.count(); i++) {
            bytes.setLong(i, step(i, scales[i / width], 127));
        }
        return bytes;
    }

    private long step(int index, float scale, int most) {
        return (long) Math.clamp(Math.rint(real.floats()[index] / scale), -most, most);
    }

    /** Two to a byte, 8 added to each: the first half of a row in the low halves, the second in the high ones. */
    private Tensor packed(float[] scales) {
        int width = real.dim(1);
        int half = Math.ceilDiv(width, 2);
        Tensor packed = Tensor.allocate(DataType.U8, real.dim(0), half);
        for (int row = 0; row < real.dim(0); row++) {
            for (int i = 0; i < half; i++) {
                long low = step(row * width + i, scales[row], 7) + 8;
                long high = half + i < width ? step(row * width + half + i, scales[row], 7) + 8 : 8;
                packed.setLong(row * half + i, high * NIBBLES + low);
            }
        }
        return packed;
    }

    private String unpacked(String numbers) {
        // towards zero, which is down
        String high = cast(DataType.F32, cast(DataType.S32, node("Mul", Map.of(), numbers, constant(1f / NIBBLES))));
        String low = node("Sub", Map.of(), numbers, node("Mul", Map.of(), high, constant(NIBBLES)));
        String both = node("Concat", Map.of("axis", Attribute.of(-1)), low, high);
        String centred = node("Sub", Map.of(), both, constant(8));
        if (real.dim(1) % 2 == 0) {
            return centred;
        }
        return node("Slice", Map.of(), centred, longs("_start", 0), longs("_end", real.dim(1)), longs("_axis", -1));
    }

    private String cast(DataType type, String value) {
        return node("Cast", Map.of("to", Attribute.of(OnnxDataTypes.of(type))), value);
    }

    private String constant(float value) {
        return graph.addInitializer(table + "_constant", Tensor.scalar(value));
    }

    private String longs(String what, long value) {
        return graph.addInitializer(table + what, Tensor.of(new long[] {value}, 1));
    }

    private String node(String opType, Map<String, Attribute> attributes, String... inputs) {
        String name = graph.freshName(gather.output(0) + "_" + opType);
        graph.add(new Node(opType, "", name, List.of(inputs), List.of(name), attributes));
        return name;
    }
}

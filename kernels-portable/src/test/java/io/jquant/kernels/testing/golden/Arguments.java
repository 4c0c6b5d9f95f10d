// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing.golden;

import io.jquant.Activation;
import io.jquant.Bias;
import io.jquant.DataType;
import io.jquant.Extent;
import io.jquant.QuantizationParameters;
import io.jquant.golden.GoldenCase;
import io.jquant.golden.GoldenTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Locale;

/** Arguments of golden cases as jquant takes them. */
final class Arguments {
    private Arguments() {
    }

    static MemorySegment segment(GoldenTensor tensor) {
        return MemorySegment.ofArray(tensor.bytes());
    }

    static MemorySegment bytes(long count) {
        return MemorySegment.ofArray(new byte[Math.toIntExact(count)]);
    }

    static float[] floats(double[] doubles) {
        float[] floats = new float[doubles.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) doubles[i];
        }
        return floats;
    }

    static QuantizationParameters u8(GoldenCase golden, String name) {
        return QuantizationParameters.perTensor(DataType.U8, (float) golden.real(name + "_scale"),
                golden.integer(name + "_zero_point"));
    }

    /** The output's parameters, wherever they come from: the case, or the operator's own choice. */
    static QuantizationParameters result(GoldenCase golden) {
        if (golden.parameters().containsKey("y_scale")) {
            return u8(golden, "y");
        }
        return QuantizationParameters.perTensor(DataType.U8, (float) golden.output("y_scale").doubles()[0],
                golden.output("y_zero_point").ints()[0]);
    }

    static QuantizationParameters weight(GoldenCase golden) {
        float[] scales = floats(golden.input("weight_scales").doubles());
        int[] zeroPoints = golden.input("weight_zero_points").ints();
        int axis = golden.integer("weight_axis");
        return axis < 0 ? QuantizationParameters.perTensor(DataType.S8, scales[0], zeroPoints[0])
                : QuantizationParameters.perChannel(DataType.S8, scales, zeroPoints, axis);
    }

    static Bias bias(GoldenCase golden, String name) {
        GoldenTensor bias = golden.inputs().get(name);
        return bias == null ? Bias.none() : Bias.of(bias.floats());
    }

    static Activation activation(GoldenCase golden) {
        return golden.flag("relu") ? Activation.RELU : Activation.NONE;
    }

    static DataType type(GoldenCase golden) {
        return DataType.valueOf(golden.text("type").toUpperCase(Locale.ROOT));
    }

    static Extent extent(long[] values, int neutral) {
        int[] three = {neutral, neutral, neutral};
        for (int i = 0; i < values.length; i++) {
            three[3 - values.length + i] = Math.toIntExact(values[i]);
        }
        return new Extent(three[0], three[1], three[2]);
    }

    /** The size of an image of {@code [batch][channels][...]}. */
    static Extent image(List<Integer> shape) {
        return extent(shape.subList(2, shape.size()).stream().mapToLong(Integer::longValue).toArray(), 1);
    }

    static int product(List<Integer> sizes) {
        return sizes.stream().reduce(1, Math::multiplyExact);
    }

    /** {@code [batch][channels][...]} to {@code [batch][...][channels]}. */
    static MemorySegment channelsLast(GoldenTensor tensor) {
        List<Integer> shape = tensor.shape();
        return MemorySegment.ofArray(transpose(tensor.bytes(), shape.get(0), shape.get(1),
                product(shape.subList(2, shape.size()))));
    }

    /** {@code [batch][...][channels]} back to the layout of a golden output. */
    static MemorySegment channelsFirst(MemorySegment bytes, int batch, int channels) {
        byte[] array = bytes.toArray(ValueLayout.JAVA_BYTE);
        return MemorySegment.ofArray(transpose(array, batch, array.length / batch / channels, channels));
    }

    /** Exchanges the last two of three axes. */
    static byte[] transpose(byte[] bytes, int matrices, int rows, int columns) {
        byte[] result = new byte[bytes.length];
        for (int matrix = 0; matrix < matrices; matrix++) {
            int begin = matrix * rows * columns;
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    result[begin + column * rows + row] = bytes[begin + row * columns + column];
                }
            }
        }
        return result;
    }
}

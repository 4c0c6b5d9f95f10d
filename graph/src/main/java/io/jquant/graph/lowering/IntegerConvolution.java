// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.jquant.Bias;
import io.jquant.ConvolutionSpec;
import io.jquant.DataType;
import io.jquant.Epilogue;
import io.jquant.Extent;
import io.jquant.PackedConvolution;
import io.jquant.QuantizationParameters;
import io.jquant.Window;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * ConvInteger on an engine's convolution, whose sums are taken as they are. The input's zero point may be known only
 * while the model runs, so weights are packed for a zero point of 0: the input is padded with its own, and the sums
 * then lack the same number everywhere in a channel.
 */
final class IntegerConvolution {
    private final Node node;
    private final PackedConvolution convolution;
    private final Extent begin;
    private final Extent end;
    /** Sums of the weights of every output channel. */
    private final int[] weightSums;
    private final Tensor zeroPoint;

    private IntegerConvolution(Node node, PackedConvolution convolution, Window window, int[] weightSums,
            Tensor zeroPoint) {
        this.node = node;
        this.convolution = convolution;
        this.weightSums = weightSums;
        this.zeroPoint = zeroPoint;
        begin = window.padBegin();
        end = window.padEnd();
    }

    /** Adds the step of a node; returns the tensors that it reads, or null if the engine has no such convolution. */
    static List<String> lower(Lowering lowering, QuantizedValues values, Node node) {
        Tensor weight = values.constant(node.input(1));
        Tensor weightZeroPoint = values.constant(node.input(3));
        if (weight == null || (weightZeroPoint == null) != node.input(3).isEmpty() || weight.rank() < 3
                || weight.rank() > 5 || values.shape(node.input(0)).rank() != weight.rank()) {
            return null;
        }
        long[] kernel = Arrays.copyOfRange(weight.shape(), 2, weight.rank());
        Window window = Windows.of(values, node, Windows.extent(kernel, 1));
        if (window == null) {
            return null;
        }
        int groups = (int) node.intAttribute("group", 1);
        int[] zeroPoints = new int[weightZeroPoint == null ? 1 : weightZeroPoint.count()];
        for (int i = 0; i < zeroPoints.length && weightZeroPoint != null; i++) {
            zeroPoints[i] = (int) weightZeroPoint.getLong(i);
        }
        ConvolutionSpec spec = ConvolutionSpec.of(weight.dim(1) * groups, weight.dim(0), groups,
                window.withPadding(Extent.ZERO),
                QuantizationParameters.perTensor(values.info(node.input(0)).type(), 1, 0),
                parameters(weight.type(), zeroPoints), Epilogue.accumulators());
        PackedConvolution convolution = lowering.convolution(node, spec, weight::segment, Bias.none());
        IntegerConvolution step = new IntegerConvolution(node, convolution, window, sums(weight, zeroPoints),
                values.constant(node.input(2)));
        int padded = lowering.temporary();
        int sums = lowering.temporary();
        lowering.add(frame -> step.run(frame, padded, sums), Step.NONE, padded, sums);
        List<String> reads = new ArrayList<>(List.of(node.input(0)));
        if (step.zeroPoint == null && !node.input(2).isEmpty()) {
            reads.add(node.input(2));
        }
        return reads;
    }

    private static QuantizationParameters parameters(DataType type, int[] zeroPoints) {
        if (zeroPoints.length == 1) {
            return QuantizationParameters.perTensor(type, 1, zeroPoints[0]);
        }
        float[] ones = new float[zeroPoints.length];
        Arrays.fill(ones, 1);
        return QuantizationParameters.perChannel(type, ones, zeroPoints, 0);
    }

    private static int[] sums(Tensor weight, int[] zeroPoints) {
        int[] sums = new int[weight.dim(0)];
        int each = weight.count() / sums.length;
        for (int i = 0; i < weight.count(); i++) {
            int channel = i / each;
            sums[channel] += (int) weight.getLong(i) - zeroPoints[zeroPoints.length == 1 ? 0 : channel];
        }
        return sums;
    }

    private void run(Frame frame, int paddedSlot, int sumsSlot) {
        Tensor input = frame.tensor(node.input(0));
        Tensor given = zeroPoint == null && !node.input(2).isEmpty() ? frame.tensor(node.input(2)) : zeroPoint;
        int inputZeroPoint = given == null ? 0 : (int) given.getLong(0);
        int batch = input.dim(0);
        Extent inside = extent(input);
        Extent whole = new Extent(begin.depth() + inside.depth() + end.depth(),
                begin.height() + inside.height() + end.height(), begin.width() + inside.width() + end.width());
        Extent outside = convolution.spec().outputExtent(whole);
        int channels = convolution.spec().outChannels();
        Buffer padded = frame.allocate(paddedSlot, batch, Math.toIntExact(whole.volume()), input.dim(1));
        pad(input, inside, whole, inputZeroPoint, padded);
        int pixels = Math.toIntExact(outside.volume());
        Buffer sums = frame.allocate(sumsSlot, batch, pixels, channels, Integer.BYTES);
        convolution.run(batch, whole, padded.data(), sums.data());
        long[] shape = input.shape();
        shape[1] = channels;
        for (int axis = 2; axis < shape.length; axis++) {
            shape[axis] = outside.get(axis + 3 - shape.length);
        }
        Tensor output = frame.real(node.output(0), DataType.S32, shape);
        store(sums, batch, pixels, inputZeroPoint, output.ints());
        frame.put(node.output(0), output);
    }

    private static Extent extent(Tensor input) {
        int rank = input.rank();
        return new Extent(rank > 4 ? input.dim(rank - 3) : 1, rank > 3 ? input.dim(rank - 2) : 1, input.dim(rank - 1));
    }

    /** Channels first to channels last, with the zero point around. */
    private void pad(Tensor input, Extent inside, Extent whole, int inputZeroPoint, Buffer padded) {
        int channels = input.dim(1);
        byte[] from = input.bytes();
        padded.data().fill((byte) inputZeroPoint);
        int at = 0;
        for (int image = 0; image < input.dim(0); image++) {
            for (int channel = 0; channel < channels; channel++) {
                for (int line = 0; line < inside.depth() * inside.height(); line++) {
                    long plane = (long) image * whole.depth() + begin.depth() + line / inside.height();
                    long row = plane * whole.height() + begin.height() + line % inside.height();
                    long to = (row * whole.width() + begin.width()) * channels + channel;
                    for (int x = 0; x < inside.width(); x++) {
                        padded.data().set(JAVA_BYTE, to + (long) x * channels, from[at++]);
                    }
                }
            }
        }
    }

    /** Channels last to channels first, less what the zero point adds. */
    private void store(Buffer sums, int batch, int pixels, int inputZeroPoint, int[] output) {
        int at = 0;
        for (int image = 0; image < batch; image++) {
            for (int channel = 0; channel < weightSums.length; channel++) {
                int added = inputZeroPoint * weightSums[channel];
                for (int pixel = 0; pixel < pixels; pixel++) {
                    long from = ((long) image * pixels + pixel) * weightSums.length + channel;
                    output[at++] = sums.data().get(JAVA_INT, from * Integer.BYTES) - added;
                }
            }
        }
    }
}

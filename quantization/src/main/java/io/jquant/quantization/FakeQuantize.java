// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.DataType;
import io.jquant.QuantizationParameters;
import io.jquant.graph.Tensor;

/**
 * Quantizes real numbers and makes them real again, as training for quantization does:
 * {@code q = zeroPoint + rne(x * (1 / scale))} in binary32, {@code y = (clamp(q) - zeroPoint) * scale}. The gradient
 * passes where q is within the bounds, and is 0 elsewhere. NaN quantizes to the lower bound and passes no gradient.
 *
 * @param parameters scales and zero points, per tensor or per channel
 * @param quantMin the smallest integer, at most any zero point
 * @param quantMax the largest integer, at least any zero point
 */
public record FakeQuantize(QuantizationParameters parameters, int quantMin, int quantMax) {
    /**
     * Checks that the parts go together.
     *
     * @throws IllegalArgumentException if the parameters are null, or a zero point is beyond the bounds
     */
    public FakeQuantize {
        if (parameters == null || quantMin >= quantMax) {
            throw new IllegalArgumentException("parameters = " + parameters + ", quantMin..quantMax = " + quantMin
                    + ".." + quantMax + ": must be given and in order");
        }
        for (int i = 0; i < parameters.channels(); i++) {
            int zeroPoint = parameters.zeroPoint(i);
            if (zeroPoint < quantMin || zeroPoint > quantMax) {
                throw new IllegalArgumentException("zeroPoint[" + i + "] = " + zeroPoint + ": must be in " + quantMin
                        + ".." + quantMax);
            }
        }
    }

    /**
     * What came of a tensor.
     *
     * @param values the rounded numbers, f32 of the tensor's shape
     * @param mask where the gradient passes, bool of the tensor's shape
     */
    public record Result(Tensor values, Tensor mask) {
    }

    /**
     * Rounds a tensor to the numbers that integers stand for.
     *
     * @param x an f32 tensor
     * @return the rounded numbers and the mask for {@link #backward}
     * @throws IllegalArgumentException if it is of another type, or has other channels
     */
    public Result forward(Tensor x) {
        Channels channels = Channels.of(x, parameters.axis(), parameters.channels());
        Tensor y = Tensor.allocate(DataType.F32, x.shape());
        Tensor mask = Tensor.allocate(DataType.BOOL, x.shape());
        float[] from = x.floats();
        for (int i = 0; i < x.count(); i++) {
            int channel = channels.at(i);
            float scale = parameters.scale(channel);
            int zeroPoint = parameters.zeroPoint(channel);
            float q = zeroPoint + (float) Math.rint(from[i] * (1 / scale));
            boolean inside = q >= quantMin && q <= quantMax;
            int bounded = inside ? (int) q : q > quantMax ? quantMax : quantMin;
            y.floats()[i] = (bounded - zeroPoint) * scale;
            mask.bytes()[i] = (byte) (inside ? 1 : 0);
        }
        return new Result(y, mask);
    }

    /**
     * The gradient of the input.
     *
     * @param dy the gradient of what {@link #forward} gave, f32
     * @param mask the mask that it gave
     * @return the gradient, f32
     * @throws IllegalArgumentException if the sizes differ
     */
    public static Tensor backward(Tensor dy, Tensor mask) {
        if (dy == null || mask == null || dy.type() != DataType.F32 || mask.type() != DataType.BOOL
                || dy.count() != mask.count()) {
            throw new IllegalArgumentException(
                    "dy = " + dy + ", mask = " + mask + ": must be F32 and BOOL of one size");
        }
        Tensor dx = Tensor.allocate(DataType.F32, dy.shape());
        for (int i = 0; i < dy.count(); i++) {
            dx.floats()[i] = dy.floats()[i] * mask.bytes()[i];
        }
        return dx;
    }

    /**
     * To which channel an element belongs.
     *
     * @param count the number of channels
     * @param inner elements from one channel to the next
     */
    record Channels(int count, int inner) {
        static Channels of(Tensor x, int axis, int count) {
            ChannelRanges.floats(x);
            if (axis == QuantizationParameters.NO_AXIS) {
                return new Channels(1, 1);
            }
            if (axis >= x.rank() || x.dim(axis) != count) {
                throw new IllegalArgumentException("x = " + x + ": must have " + count + " channels on axis " + axis);
            }
            int inner = 1;
            for (int i = axis + 1; i < x.rank(); i++) {
                inner *= x.dim(i);
            }
            return new Channels(count, inner);
        }

        int at(int index) {
            return count == 1 ? 0 : index / inner % count;
        }
    }
}

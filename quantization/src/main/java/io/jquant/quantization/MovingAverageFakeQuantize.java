// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.Engine;
import io.jquant.ParameterChoice;
import io.jquant.QuantizationParameters;
import io.jquant.graph.Tensor;

/**
 * Fake quantization with the moving average of the ranges seen: PyTorch's fused_moving_avg_obs_fake_quant. Scale and
 * zero point are the engine's choice for that range, as PyTorch has it while it trains; those that a converted model
 * gets come from the observer, by another formula. Not thread-safe.
 */
public final class MovingAverageFakeQuantize {
    private final Engine engine;
    private final ParameterChoice choice;
    private final MovingAverageObserver observer;

    /**
     * A fake quantization.
     *
     * @param engine whose choice it is
     * @param choice over which integers, and whether symmetric
     * @param axis the axis of the channels, {@link QuantizationParameters#NO_AXIS} for the whole tensor
     * @param constant how far to move towards a new range, above 0, at most 1
     * @throws IllegalArgumentException if an argument is not as said
     */
    public MovingAverageFakeQuantize(Engine engine, ParameterChoice choice, int axis, float constant) {
        if (engine == null || choice == null) {
            throw new IllegalArgumentException("engine = " + engine + ", choice = " + choice + ": must be given");
        }
        this.engine = engine;
        this.choice = choice;
        ObserverOptions options = choice.preserveSparsity() ? ObserverOptions.symmetric(choice.type())
                : ObserverOptions.affine(choice.type());
        this.observer = new MovingAverageObserver(choice.reduceRange() ? options.withReducedRange() : options, axis,
                constant);
    }

    /** {@return the observer, whose parameters a converted model gets} */
    public MovingAverageObserver observer() {
        return observer;
    }

    /**
     * Takes a tensor into account and rounds it with the range that results.
     *
     * @param x an f32 tensor
     * @return the rounded numbers and the mask for {@link FakeQuantize#backward}
     * @throws IllegalArgumentException if it is of another type, has other channels, or holds NaN
     */
    public FakeQuantize.Result forward(Tensor x) {
        observer.observe(x);
        return new FakeQuantize(parameters(), observer.options().min(), observer.options().max()).forward(x);
    }

    /** {@return the parameters for the average so far} */
    public QuantizationParameters parameters() {
        if (!observer.hasObserved()) {
            return observer.parameters();
        }
        int channels = observer.ranges().channels();
        float[] scales = new float[channels];
        int[] zeroPoints = new int[channels];
        for (int i = 0; i < channels; i++) {
            QuantizationParameters p = engine.chooseParameters(observer.min(i), observer.max(i), choice);
            scales[i] = p.scale();
            zeroPoints[i] = p.zeroPoint();
        }
        return observer.axis() == QuantizationParameters.NO_AXIS
                ? QuantizationParameters.perTensor(choice.type(), scales[0], zeroPoints[0])
                : QuantizationParameters.perChannel(choice.type(), scales, zeroPoints, observer.axis());
    }
}

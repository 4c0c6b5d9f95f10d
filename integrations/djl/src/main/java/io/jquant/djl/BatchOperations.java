// SPDX-License-Identifier: Apache-2.0
package io.jquant.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDArrayIndexer;
import ai.djl.ndarray.internal.NDArrayEx;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.recurrent.RNN;
import java.util.List;

/**
 * What DJL asks of arrays behind its public functions. Making batches is here; the rest is the alternative engine's,
 * and without one it is refused by name.
 */
final class BatchOperations implements NDArrayEx {
    private final JquantNDArray array;

    BatchOperations(JquantNDArray array) {
        this.array = array;
    }

    static UnsupportedOperationException missing(String what) {
        return new UnsupportedOperationException("jquant has no " + what
                + ": put another engine of DJL on the class path, it is used for what jquant lacks");
    }

    @Override
    public NDArray rdivi(NDArray b) {
        throw missing("rdivi");
    }

    @Override
    public NDArray rmodi(NDArray b) {
        throw missing("rmodi");
    }

    @Override
    public NDArray rpowi(Number n) {
        throw missing("rpowi");
    }

    @Override
    public NDArray relu() {
        throw missing("relu");
    }

    @Override
    public NDArray sigmoid() {
        throw missing("sigmoid");
    }

    @Override
    public NDArray tanh() {
        throw missing("tanh");
    }

    @Override
    public NDArray softPlus() {
        throw missing("softPlus");
    }

    @Override
    public NDArray softSign() {
        throw missing("softSign");
    }

    @Override
    public NDArray leakyRelu(float alpha) {
        throw missing("leakyRelu");
    }

    @Override
    public NDArray elu(float alpha) {
        throw missing("elu");
    }

    @Override
    public NDArray selu() {
        throw missing("selu");
    }

    @Override
    public NDArray gelu() {
        throw missing("gelu");
    }

    @Override
    public NDArray maxPool(Shape kernelShape, Shape stride, Shape padding, boolean ceilMode) {
        throw missing("maxPool");
    }

    @Override
    public NDArray globalMaxPool() {
        throw missing("globalMaxPool");
    }

    @Override
    public NDArray avgPool(Shape kernelShape, Shape stride, Shape padding, boolean ceilMode,
            boolean countIncludePad) {
        throw missing("avgPool");
    }

    @Override
    public NDArray globalAvgPool() {
        throw missing("globalAvgPool");
    }

    @Override
    public NDArray lpPool(float normType, Shape kernelShape, Shape stride, Shape padding, boolean ceilMode) {
        throw missing("lpPool");
    }

    @Override
    public NDArray globalLpPool(float normType) {
        throw missing("globalLpPool");
    }

    @Override
    public void adadeltaUpdate(NDList inputs, NDList weights, float weightDecay, float rescaleGrad, float clipGrad,
            float rho, float epsilon) {
        throw missing("adadeltaUpdate");
    }

    @Override
    public void adagradUpdate(NDList inputs, NDList weights, float learningRate, float weightDecay,
            float rescaleGrad, float clipGrad, float epsilon) {
        throw missing("adagradUpdate");
    }

    @Override
    public void adamUpdate(NDList inputs, NDList weights, float learningRate, float learningRateBiasCorrection,
            float weightDecay, float rescaleGrad, float clipGrad, float beta1, float beta2, float epsilon,
            boolean lazyUpdate, boolean adamw) {
        throw missing("adamUpdate");
    }

    @Override
    public void nagUpdate(NDList inputs, NDList weights, float learningRate, float weightDecay, float rescaleGrad,
            float clipGrad, float momentum) {
        throw missing("nagUpdate");
    }

    @Override
    public void rmspropUpdate(NDList inputs, NDList weights, float learningRate, float weightDecay,
            float rescaleGrad, float clipGrad, float rho, float momentum, float epsilon, boolean centered) {
        throw missing("rmspropUpdate");
    }

    @Override
    public void sgdUpdate(NDList inputs, NDList weights, float learningRate, float weightDecay, float rescaleGrad,
            float clipGrad, float momentum, boolean lazyUpdate) {
        throw missing("sgdUpdate");
    }

    @Override
    public NDList convolution(NDArray input, NDArray weight, NDArray bias, Shape stride, Shape padding,
            Shape dilation, int groups) {
        throw missing("convolution");
    }

    @Override
    public NDList deconvolution(NDArray input, NDArray weight, NDArray bias, Shape stride, Shape padding,
            Shape outPadding, Shape dilation, int groups) {
        throw missing("deconvolution");
    }

    @Override
    public NDList linear(NDArray input, NDArray weight, NDArray bias) {
        throw missing("linear");
    }

    @Override
    public NDList embedding(NDArray input, NDArray weight, SparseFormat sparse) {
        throw missing("embedding");
    }

    @Override
    public NDList prelu(NDArray input, NDArray alpha) {
        throw missing("prelu");
    }

    @Override
    public NDList dropout(NDArray input, float rate, boolean training) {
        throw missing("dropout");
    }

    @Override
    public NDList layerNorm(NDArray input, Shape normalizedShape, NDArray gamma, NDArray beta, float eps) {
        throw missing("layerNorm");
    }

    @Override
    public NDList batchNorm(NDArray input, NDArray runningMean, NDArray runningVar, NDArray gamma, NDArray beta,
            int axis, float momentum, float eps, boolean training) {
        throw missing("batchNorm");
    }

    @Override
    public NDList rnn(NDArray input, NDArray state, NDList params, boolean hasBiases, int numLayers,
            RNN.Activation activation, double dropRate, boolean training, boolean bidirectional, boolean batchFirst) {
        throw missing("rnn");
    }

    @Override
    public NDList gru(NDArray input, NDArray state, NDList params, boolean hasBiases, int numLayers,
            double dropRate, boolean training, boolean bidirectional, boolean batchFirst) {
        throw missing("gru");
    }

    @Override
    public NDList lstm(NDArray input, NDList states, NDList params, boolean hasBiases, int numLayers,
            double dropRate, boolean training, boolean bidirectional, boolean batchFirst) {
        throw missing("lstm");
    }

    @Override
    public NDArray interpolation(long[] size, int mode, boolean alignCorners) {
        throw missing("interpolation");
    }

    @Override
    public NDArray resize(int width, int height, int interpolation) {
        throw missing("resize");
    }

    @Override
    public NDArray randomFlipLeftRight() {
        throw missing("randomFlipLeftRight");
    }

    @Override
    public NDArray randomFlipTopBottom() {
        throw missing("randomFlipTopBottom");
    }

    @Override
    public NDArray randomBrightness(float brightness) {
        throw missing("randomBrightness");
    }

    @Override
    public NDArray randomHue(float hue) {
        throw missing("randomHue");
    }

    @Override
    public NDArray randomColorJitter(float brightness, float contrast, float saturation, float hue) {
        throw missing("randomColorJitter");
    }

    @Override
    public NDArrayIndexer getIndexer(NDManager manager) {
        return new SliceIndexer((JquantNDManager) (manager == null ? array.getManager() : manager));
    }

    @Override
    public NDArray where(NDArray condition, NDArray other) {
        throw missing("where");
    }

    @Override
    public NDArray stack(NDList arrays, int axis) {
        if (axis != 0) {
            throw missing("stack along axis " + axis);
        }
        return array.joined(arrays, array.getShape().getShape().length == 0 ? new long[] {arrays.size() + 1}
                : new Shape(arrays.size() + 1).addAll(array.getShape()).getShape());
    }

    @Override
    public NDArray concat(NDList arrays, int axis) {
        if (axis != 0) {
            throw missing("concat along axis " + axis);
        }
        long rows = array.getShape().get(0);
        for (NDArray other : arrays) {
            rows += other.getShape().get(0);
        }
        return array.joined(arrays, new Shape(rows).addAll(array.getShape().slice(1)).getShape());
    }

    @Override
    public NDList multiBoxTarget(NDList inputs, float iouThreshold, float ignoreLabel, float negativeMiningRatio,
            float negativeMiningThreshold, int minNegativeSamples) {
        throw missing("multiBoxTarget");
    }

    @Override
    public NDList multiBoxPrior(List<Float> sizes, List<Float> ratios, List<Float> steps, List<Float> offsets,
            boolean clip) {
        throw missing("multiBoxPrior");
    }

    @Override
    public NDList multiBoxDetection(NDList inputs, boolean clip, float threshold, int backgroundId,
            float nmsThreshold, boolean forceSuppress, int nmsTopK) {
        throw missing("multiBoxDetection");
    }

    @Override
    public NDArray getArray() {
        return array;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.graph.Node;
import java.util.function.IntConsumer;

/**
 * How a model is quantized from calibration data.
 *
 * @param engine the engine that the result is calibrated for; written into the model
 * @param qconfig how nodes are quantized
 * @param overrides a say in how single nodes are quantized
 * @param sharedAverages whether the output of average poolings and means takes the range of their input, as PyTorch
 *        has it, instead of one of its own
 * @param equalized whether weights of successive layers are scaled to the same range first (cross-layer equalization)
 * @param biasCorrected whether what quantization adds to the mean of an output is taken from its bias
 * @param progress told the number of batches seen so far after each
 */
public record StaticOptions(String engine, QConfig qconfig, NodeConfig overrides, boolean sharedAverages,
        boolean equalized, boolean biasCorrected, IntConsumer progress) {
    /** A say in how single nodes are quantized. */
    @FunctionalInterface
    public interface NodeConfig {
        /**
         * The configuration of a node.
         *
         * @param node a node of the graph to be quantized, batch normalizations folded
         * @param qconfig the configuration that it would get
         * @return the configuration to use, null to keep the node float
         */
        QConfig configure(Node node, QConfig qconfig);
    }

    /**
     * Checks that the parts are given.
     *
     * @throws IllegalArgumentException if one is null, or the engine's name blank
     */
    public StaticOptions {
        if (engine == null || engine.isBlank()) {
            throw new IllegalArgumentException("engine = " + engine + ": must be an engine's name");
        }
        if (qconfig == null || overrides == null || progress == null) {
            throw new IllegalArgumentException("qconfig = " + qconfig + ", overrides = " + overrides + ", progress = "
                    + progress + ": must be given");
        }
    }

    /**
     * jquant's defaults.
     *
     * @param engine the engine that the result is calibrated for
     * @return the options
     */
    public static StaticOptions forEngine(String engine) {
        return new StaticOptions(engine, QConfigs.defaults(), (node, qconfig) -> qconfig, false, false, false,
                seen -> { });
    }

    /**
     * These options with another configuration of nodes.
     *
     * @param config the configuration
     * @return the options
     */
    public StaticOptions with(QConfig config) {
        return new StaticOptions(engine, config, overrides, sharedAverages, equalized, biasCorrected, progress);
    }

    /**
     * These options with a say in how single nodes are quantized.
     *
     * @param config asked for every node that can be quantized
     * @return the options
     */
    public StaticOptions withOverrides(NodeConfig config) {
        return new StaticOptions(engine, qconfig, config, sharedAverages, equalized, biasCorrected, progress);
    }

    /**
     * These options with averages of a range of their own, or of their input's.
     *
     * @param shared whether it is their input's
     * @return the options
     */
    public StaticOptions withSharedAverages(boolean shared) {
        return new StaticOptions(engine, qconfig, overrides, shared, equalized, biasCorrected, progress);
    }

    /**
     * These options with or without cross-layer equalization.
     *
     * @param equalize whether weights of successive layers are scaled to the same range first
     * @return the options
     */
    public StaticOptions withEqualization(boolean equalize) {
        return new StaticOptions(engine, qconfig, overrides, sharedAverages, equalize, biasCorrected, progress);
    }

    /**
     * These options with or without bias correction, which {@link Quantizer#staticQuantize} does.
     *
     * @param correct whether what quantization adds to the mean of an output is taken from its bias
     * @return the options
     */
    public StaticOptions withBiasCorrection(boolean correct) {
        return new StaticOptions(engine, qconfig, overrides, sharedAverages, equalized, correct, progress);
    }

    /**
     * These options with somebody who is told how far calibration is.
     *
     * @param listener told the number of batches seen so far after each
     * @return the options
     */
    public StaticOptions withProgress(IntConsumer listener) {
        return new StaticOptions(engine, qconfig, overrides, sharedAverages, equalized, biasCorrected, listener);
    }
}

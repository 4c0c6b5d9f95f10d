// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

/**
 * How a model is quantized without calibration data: weights beforehand, activations as they come.
 *
 * @param engine the engine that the result is meant for; written into the model
 * @param qconfig who watches weights; activations are not observed
 * @param overrides a say in how single nodes are quantized
 * @param perRow whether jquant quantizes every row of an activation by itself, which others do per tensor
 * @param embeddingBits 8 or 4 for tables that Gather reads, 32 to keep them float
 * @param groupSize 16, 32, 64, 128 or 256 for weights of linear layers in 4 bits, with a scale for every group of so
 *        many along the input; 0 for 8 bits. Layers with fewer inputs than a group has weights keep 8 bits
 */
public record DynamicOptions(String engine, QConfig qconfig, StaticOptions.NodeConfig overrides, boolean perRow,
        int embeddingBits, int groupSize) {
    /**
     * Checks that the parts are given.
     *
     * @throws IllegalArgumentException if one is null, the engine's name blank, or the bits not as said
     */
    public DynamicOptions {
        if (engine == null || engine.isBlank()) {
            throw new IllegalArgumentException("engine = " + engine + ": must be an engine's name");
        }
        if (qconfig == null || overrides == null) {
            throw new IllegalArgumentException("qconfig = " + qconfig + ", overrides = " + overrides
                    + ": must be given");
        }
        if (embeddingBits != 32 && embeddingBits != 8 && embeddingBits != 4) {
            throw new IllegalArgumentException("embeddingBits = " + embeddingBits + ": must be 32, 8 or 4");
        }
        if (groupSize != 0 && (groupSize < 16 || groupSize > 256 || Integer.bitCount(groupSize) != 1)) {
            throw new IllegalArgumentException("groupSize = " + groupSize + ": must be 16, 32, 64, 128 or 256, or 0");
        }
    }

    /**
     * jquant's defaults: weights and tables in 8 bits, per output channel and per row; activations per tensor.
     *
     * @param engine the engine that the result is meant for
     * @return the options
     */
    public static DynamicOptions forEngine(String engine) {
        return new DynamicOptions(engine, QConfigs.defaults(), QConfigMapping.none(), false, 8, 0);
    }

    /**
     * These options with another configuration of nodes.
     *
     * @param config the configuration
     * @return the options
     */
    public DynamicOptions with(QConfig config) {
        return new DynamicOptions(engine, config, overrides, perRow, embeddingBits, groupSize);
    }

    /**
     * These options with a say in how single nodes are quantized.
     *
     * @param config asked for every node that can be quantized; null keeps it float
     * @return the options
     */
    public DynamicOptions withOverrides(StaticOptions.NodeConfig config) {
        return new DynamicOptions(engine, qconfig, config, perRow, embeddingBits, groupSize);
    }

    /**
     * These options with activations quantized row by row, or as a whole.
     *
     * @param rows whether row by row
     * @return the options
     */
    public DynamicOptions withPerRow(boolean rows) {
        return new DynamicOptions(engine, qconfig, overrides, rows, embeddingBits, groupSize);
    }

    /**
     * These options with tables of other bits.
     *
     * @param bits 8, 4, or 32 to keep them float
     * @return the options
     */
    public DynamicOptions withEmbeddingBits(int bits) {
        return new DynamicOptions(engine, qconfig, overrides, perRow, bits, groupSize);
    }

    /**
     * These options with weights of linear layers in 4 bits, written as MatMulNBits.
     *
     * @param size weights of a group that share a scale: 16, 32, 64, 128 or 256; 0 for 8 bits
     * @return the options
     */
    public DynamicOptions withGroupSize(int size) {
        return new DynamicOptions(engine, qconfig, overrides, perRow, embeddingBits, size);
    }
}

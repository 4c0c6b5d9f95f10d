// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.spi.Numerics;
import io.jquant.spi.OperatorKernel;
import io.jquant.spi.PackedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * An operator with weights of its own. It can be saved, and loaded by any engine of the same {@link Numerics} on any
 * CPU and tier, because what is saved are the weights as they were given, not as they are packed (for those, see
 * {@link OperatorArchive}).
 *
 * <p>A file is, all numbers little-endian:
 * <pre>
 * offset size
 *      0    8  magic: 89 4A 51 4F 0D 0A 1A 0A
 *      8    4  version of the format: 1
 *     12    4  kind: 1 linear, 2 dynamic linear, 3 convolution, 4 recurrent cell, 5 embedding bag,
 *                6 grouped linear
 *     16    4  numerics: 1 fbgemm, 2 qnnpack
 *     20    4  D, bytes of the description
 *     24    8  W, bytes of the weights
 *     32    D  description: the specification, then the biases
 *   32+D    W  weights, in the specification's order; a recurrent cell's on the input, then those on the state
 * 32+D+W    4  CRC-32C of everything before
 * </pre>
 * Nothing may follow. A specification is its components in the order in which its record has them, then come its
 * biases: one of the linears and convolution, input and hidden of a recurrent cell, none of an embedding bag. Values
 * are written as
 * <pre>
 * int, long, float         4, 8, 4 bytes
 * boolean                  1 byte, 0 or 1
 * data type                1 byte: 0 u8, 1 s8, 2 f32, 3 s32
 * recurrent cell           1 byte: 0 LSTM, 1 GRU
 * QuantizationParameters   data type, int axis (-1 per tensor), int channels n, n float scales, n int zero points
 * Extent, Window           3 ints; 5 extents
 * Activation               2 floats
 * Epilogue                 data type, optional output, activation, optional addend
 * optional                 boolean; then, if true, the value
 * Bias                     1 byte: 0 none, 1 integers, 2 real numbers; then, but for none, int n and n values
 * </pre>
 *
 * @param <K> the kernel that does the work
 */
public abstract sealed class PackedOperator<K extends OperatorKernel> extends Operator<K>
        permits PackedLinear, PackedConvolution, PackedRecurrentCell, PackedEmbeddingBag {
    private final Numerics numerics;
    private final List<Bias> biases;

    PackedOperator(Numerics numerics, List<Bias> biases, K kernel) {
        super(kernel);
        this.numerics = numerics;
        this.biases = biases;
    }

    /** {@return what was prepared} */
    public abstract PackedSpec spec();

    /** {@return which formulas the operator answers to: those of the engine that prepared it} */
    public final Numerics numerics() {
        return numerics;
    }

    final List<Bias> biases() {
        return biases;
    }

    abstract void unpack(K kernel, MemorySegment weights);

    /** Uses the weights as they are packed, or null where the kernel keeps none, while the operator is open. */
    final void withImage(ImageUse use) throws IOException {
        K kernel = enter();
        try {
            use.with(kernel.image());
        } finally {
            leave();
        }
    }

    /** What is done with packed weights. */
    @FunctionalInterface
    interface ImageUse {
        void with(PackedImage image) throws IOException;
    }

    /** Writes the weights as they were given. */
    final void unpack(MemorySegment weights) {
        K kernel = enter();
        try {
            unpack(kernel, weights);
        } finally {
            leave();
        }
    }

    /**
     * Saves the operator to a file, which appears complete or not at all: it is written under another name in the same
     * folder and then moved. A file of that name is replaced. For the time of this call there is a second copy of the
     * weights in memory.
     *
     * @param file where to
     * @throws IOException if the file cannot be written; nothing of it is left then
     * @throws IllegalArgumentException if the file is null
     * @throws IllegalStateException if the operator is closed
     */
    public final void save(Path file) throws IOException {
        AtomicFile.write(Require.notNull("file", file), this::save);
    }

    /**
     * Writes to a stream what {@link #save(Path)} writes to a file. The stream is left open.
     *
     * @param stream where to
     * @throws IOException if the stream cannot be written to
     * @throws IllegalArgumentException if the stream is null
     * @throws IllegalStateException if the operator is closed
     */
    public final void save(OutputStream stream) throws IOException {
        OperatorWriter.write(this, Require.notNull("stream", stream));
    }
}

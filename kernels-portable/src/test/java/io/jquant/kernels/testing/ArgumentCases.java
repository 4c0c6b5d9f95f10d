// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import io.jquant.Activation;
import io.jquant.Bias;
import io.jquant.ConvolutionSpec;
import io.jquant.DataType;
import io.jquant.DynamicLinearSpec;
import io.jquant.EmbeddingBagSpec;
import io.jquant.EngineOptions;
import io.jquant.Epilogue;
import io.jquant.Extent;
import io.jquant.LinearSpec;
import io.jquant.Matmul;
import io.jquant.MatmulSpec;
import io.jquant.MatrixBatch;
import io.jquant.PackedConvolution;
import io.jquant.PackedEmbeddingBag;
import io.jquant.PackedLinear;
import io.jquant.PackedRecurrentCell;
import io.jquant.QuantizationParameters;
import io.jquant.RecurrentSpec;
import io.jquant.Window;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Arguments that an operator must refuse, with a message that names the argument, its value and what it must be. */
public abstract class ArgumentCases extends EngineCases {
    private static final QuantizationParameters ONE = QuantizationParameters.perTensor(DataType.S8, 1, 0);
    private static final LinearSpec SPEC = new LinearSpec(3, 2, ONE, ONE, Epilogue.accumulators());

    protected ArgumentCases(EngineOptions options) {
        super(options);
    }

    private static MemorySegment bytes(int count) {
        return MemorySegment.ofArray(new byte[count]);
    }

    @Test
    void ofPreparingALinearLayer() {
        assertRefused("spec = null: must be given", () -> engine().linear(null, bytes(6), Bias.none()));
        assertRefused("weights = null: must be given", () -> engine().linear(SPEC, null, Bias.none()));
        assertRefused("weights = 5 bytes: must be at least 6 bytes",
                () -> engine().linear(SPEC, bytes(5), Bias.none()));
        assertRefused("bias = null: must be given", () -> engine().linear(SPEC, bytes(6), null));
        assertRefused("bias.length = 3: must be outChannels, 2",
                () -> engine().linear(SPEC, bytes(6), Bias.of(1, 2, 3)));
        assertRefused("inFeatures = 33026: must be at most 33025",
                () -> new LinearSpec(33_026, 2, ONE, ONE, Epilogue.accumulators()));
    }

    @Test
    void ofScalesWhoseProductIsNoNumber() {
        QuantizationParameters large = QuantizationParameters.perTensor(DataType.S8, 1e30f, 0);
        QuantizationParameters small = QuantizationParameters.perTensor(DataType.S8, 1e-30f, 0);
        assertRefused("inputScale * weightScale = Infinity of channel 0: must be finite and above 0",
                () -> engine().linear(new LinearSpec(3, 2, large, large, Epilogue.floating()), bytes(6),
                        Bias.none()));
        assertRefused("inputScale * weightScale = 0.0 of channel 0: must be finite and above 0",
                () -> engine().matmul(new MatmulSpec(small, small, Epilogue.floating())));
        assertRefused("inputScale * weightScale / outputScale = Infinity of channel 0: must be finite and above 0",
                () -> engine().linear(new LinearSpec(3, 2, large, ONE, Epilogue.quantized(small)), bytes(6),
                        Bias.none()));
    }

    @Test
    void ofRunningALinearLayer() {
        try (PackedLinear linear = engine().linear(SPEC, bytes(6), Bias.none())) {
            assertRefused("rows = -1: must be 0 or more", () -> linear.run(-1, bytes(3), bytes(8)));
            assertRefused("input = 5 bytes: must be at least 6 bytes", () -> linear.run(2, bytes(5), bytes(16)));
            assertRefused("output = 15 bytes: must be at least 16 bytes", () -> linear.run(2, bytes(6), bytes(15)));
            assertRefused("input stride = 2: must be at least 3",
                    () -> linear.run(2, bytes(6), 2, bytes(16), 2, null, 0));
            assertRefused("output = read-only memory: must be writable",
                    () -> linear.run(2, bytes(6), bytes(16).asReadOnly()));
            assertRefused("addend = given: must be null",
                    () -> linear.run(2, bytes(6), 3, bytes(16), 2, bytes(4), 2));
            MemorySegment shared = bytes(32);
            assertRefused("output = memory that overlaps input: must be memory of its own",
                    () -> linear.run(2, shared, shared));
            assertRefused("input = 9223372036854775806 * 3: must be below 2^63",
                    () -> linear.run(Long.MAX_VALUE, bytes(6), bytes(16)));
        }
    }

    @Test
    void ofDynamicAndRecurrentLayers() {
        DynamicLinearSpec spec = new DynamicLinearSpec(3, 2, ONE, Activation.NONE, false, false);
        assertRefused("bias = integers: must be none or real",
                () -> engine().dynamicLinear(spec, bytes(6), Bias.of(1, 2)));
        RecurrentSpec gru = new RecurrentSpec(RecurrentSpec.Cell.GRU, 2, 2, ONE, ONE, false);
        assertRefused("hiddenWeights = 11 bytes: must be at least 12 bytes",
                () -> engine().recurrentCell(gru, bytes(12), bytes(11), Bias.none(), Bias.none()));
        try (PackedRecurrentCell cell = engine().recurrentCell(gru, bytes(12), bytes(12), Bias.none(), Bias.none())) {
            assertRefused("cell = GRU: must be LSTM",
                    () -> cell.run(1, bytes(8), bytes(8), bytes(8), bytes(8), bytes(8)));
            assertRefused("hidden = 7 bytes: must be at least 8 bytes",
                    () -> cell.run(1, bytes(8), bytes(7), bytes(8)));
        }
    }

    @Test
    void ofConvolutions() {
        Window window = Window.of(Extent.of(3, 3));
        assertRefused("inChannels = 3: must be a multiple of groups, 2",
                () -> ConvolutionSpec.of(3, 4, 2, window, ONE, ONE, Epilogue.accumulators()));
        ConvolutionSpec spec = ConvolutionSpec.of(1, 1, 1, window, ONE, ONE, Epilogue.accumulators());
        assertRefused("weights = 8 bytes: must be at least 9 bytes",
                () -> engine().convolution(spec, bytes(8), Bias.none()));
        try (PackedConvolution convolution = engine().convolution(spec, bytes(9), Bias.none())) {
            assertRefused("input extent = 1x2x3: must be at least the window's reach, 3",
                    () -> convolution.run(1, Extent.of(2, 3), bytes(6), bytes(4)));
            assertRefused("input = 8 bytes: must be at least 9 bytes",
                    () -> convolution.run(1, Extent.of(3, 3), bytes(8), bytes(4)));
            assertRefused("output = 3 bytes: must be at least 4 bytes",
                    () -> convolution.run(1, Extent.of(3, 3), bytes(9), bytes(3)));
        }
    }

    @Test
    void ofMatrixProducts() {
        assertRefused("left = 2: must be at least k, 3", () -> new MatrixBatch(1, 1, 3, 1, 3, 2, 3, 1, 1, 1));
        try (Matmul matmul = engine().matmul(new MatmulSpec(ONE, ONE, Epilogue.accumulators()))) {
            MatrixBatch shape = MatrixBatch.contiguous(2, 2, 3, 4);
            assertRefused("right = 23 bytes: must be at least 24 bytes",
                    () -> matmul.run(shape, bytes(12), bytes(23), bytes(64)));
        }
    }

    @Test
    void ofEmbeddingBags() {
        try (PackedEmbeddingBag bag = engine().embeddingBag(new EmbeddingBagSpec(8, 2, 1, false), bytes(18))) {
            MemorySegment one = MemorySegment.ofArray(new long[] {2});
            MemorySegment offsets = MemorySegment.ofArray(new long[] {0, 1});
            assertRefused("indices[0] = 2: must be 0 or more and below rows, 2",
                    () -> bag.run(1, one, offsets, null, bytes(4)));
            assertRefused("offsets[1] = 1: must be at least the one before, 0, and at most the number of indices, 0",
                    () -> bag.run(1, bytes(0), offsets, null, bytes(4)));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing.golden;

import io.jquant.Conversion;
import io.jquant.ConversionSpec;
import io.jquant.Engine;
import io.jquant.Extent;
import io.jquant.ImmutableInts;
import io.jquant.Movement;
import io.jquant.MovementSpec;
import io.jquant.Pooling;
import io.jquant.PoolingSpec;
import io.jquant.QuantizationParameters;
import io.jquant.ResizeSpec;
import io.jquant.Spatial;
import io.jquant.Window;
import io.jquant.golden.GoldenCase;
import io.jquant.golden.GoldenTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;

/** Poolings, resizes, movements. */
final class SpatialOperators {
    private SpatialOperators() {
    }

    private static Window window(GoldenCase golden, Extent dilation) {
        Extent padding = Arguments.extent(golden.integers("padding"), 0);
        return new Window(Arguments.extent(golden.integers("kernel"), 1),
                Arguments.extent(golden.integers("stride"), 1), dilation, padding, padding);
    }

    static Pooling max(GoldenCase golden) {
        return new Pooling.Max(window(golden, Arguments.extent(golden.integers("dilation"), 1)),
                golden.flag("ceil_mode"));
    }

    static Pooling average(GoldenCase golden) {
        return new Pooling.Average(window(golden, Extent.ONE), golden.flag("ceil_mode"),
                golden.flag("count_include_pad"), 0);
    }

    static Pooling adaptive(GoldenCase golden) {
        return new Pooling.AdaptiveAverage(Arguments.extent(golden.integers("size"), 1));
    }

    /** A mean over height and width; those over other axes are listed as not compared. */
    static Pooling global(GoldenCase golden) {
        return new Pooling.AdaptiveAverage(Extent.ONE);
    }

    /** What of a case makes the pooling. */
    @FunctionalInterface
    interface Maker {
        Pooling make(GoldenCase golden);
    }

    static GoldenOperator pooling(Maker maker) {
        return (engine, golden, peer) -> {
            GoldenTensor x = golden.input("x");
            try (Spatial pooling = engine.pooling(new PoolingSpec(maker.make(golden), x.shape().get(1),
                    Arguments.u8(golden, "x"), Arguments.result(golden)))) {
                return run(pooling, golden);
            }
        };
    }

    private static Map<String, MemorySegment> run(Spatial spatial, GoldenCase golden) {
        GoldenTensor x = golden.input("x");
        MemorySegment y = Arguments.bytes(golden.output("y").size());
        int batch = x.shape().get(0);
        spatial.run(batch, Arguments.image(x.shape()), Arguments.channelsLast(x), y);
        return Map.of("y", Arguments.channelsFirst(y, batch, x.shape().get(1)));
    }

    static GoldenOperator resize(ResizeSpec.Mode mode) {
        return (engine, golden, peer) -> {
            boolean aligned = mode == ResizeSpec.Mode.BILINEAR && golden.flag("align_corners");
            try (Spatial resize = engine.resize(new ResizeSpec(mode, aligned,
                    Arguments.extent(golden.integers("size"), 1), golden.input("x").shape().get(1),
                    Arguments.u8(golden, "x")))) {
                return run(resize, golden);
            }
        };
    }

    static Map<String, MemorySegment> channelShuffle(Engine engine, GoldenCase golden, Peer peer) {
        GoldenTensor x = golden.input("x");
        int batch = x.shape().get(0);
        int channels = x.shape().get(1);
        MemorySegment y = Arguments.bytes(x.size());
        try (Movement shuffle = engine.movement(new MovementSpec.ChannelShuffle(1, golden.integer("groups")))) {
            shuffle.run(new int[] {x.size() / channels, channels}, Arguments.channelsLast(x), y);
        }
        return Map.of("y", Arguments.channelsFirst(y, batch, channels));
    }

    static Map<String, MemorySegment> pad(Engine engine, GoldenCase golden, Peer peer) {
        List<Integer> shape = golden.input("x").shape();
        int[] begin = new int[shape.size()];
        int[] end = new int[shape.size()];
        long[] pad = golden.integers("pad");
        for (int i = 0; i < pad.length / 2; i++) {
            begin[begin.length - 1 - i] = Math.toIntExact(pad[2 * i]);
            end[end.length - 1 - i] = Math.toIntExact(pad[2 * i + 1]);
        }
        long value = quantize(engine, Arguments.u8(golden, "x"), (float) golden.real("value"));
        MemorySegment y = Arguments.bytes(golden.output("y").size());
        try (Movement movement = engine.movement(
                new MovementSpec.Pad(1, new ImmutableInts(begin), new ImmutableInts(end), value))) {
            movement.run(shape.stream().mapToInt(Integer::intValue).toArray(), Arguments.segment(golden.input("x")), y);
        }
        return Map.of("y", y);
    }

    private static long quantize(Engine engine, QuantizationParameters parameters, float value) {
        MemorySegment quantized = Arguments.bytes(1);
        try (Conversion conversion = engine.conversion(new ConversionSpec(null, parameters))) {
            conversion.run(1, MemorySegment.ofArray(new float[] {value}), quantized);
        }
        return Byte.toUnsignedInt(quantized.get(ValueLayout.JAVA_BYTE, 0));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.DataType;
import io.jquant.QuantizationParameters;
import io.jquant.golden.GoldenCase;
import io.jquant.golden.GoldenFile;
import io.jquant.golden.GoldenTensor;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Observers against what PyTorch's answered to the same batches: bit-equal. */
class ObserverGoldenTest {
    static List<Tensor> batches(GoldenCase c) {
        List<Tensor> batches = new ArrayList<>();
        for (int i = 0; c.inputs().containsKey("batch" + i); i++) {
            GoldenTensor batch = c.input("batch" + i);
            batches.add(Tensor.of(batch.floats(), batch.shape().stream().mapToLong(Integer::longValue).toArray()));
        }
        return batches;
    }

    private static ObserverOptions options(GoldenCase c) {
        DataType type = c.text("type").equals("u8") ? DataType.U8 : DataType.S8;
        ObserverOptions options = c.text("scheme").endsWith("symmetric")
                ? ObserverOptions.symmetric(type)
                : ObserverOptions.affine(type);
        if (c.parameters().containsKey("quant_min")) {
            options = options.withRange(c.integer("quant_min"), c.integer("quant_max")).withEps((float) c.real("eps"));
        }
        return c.flag("reduce_range") ? options.withReducedRange() : options;
    }

    static Observer observer(GoldenCase c) {
        int axis = c.parameters().containsKey("ch_axis") ? c.integer("ch_axis") : QuantizationParameters.NO_AXIS;
        return switch (c.operator()) {
            case "MinMaxObserver", "PerChannelMinMaxObserver" -> new MinMaxObserver(options(c), axis);
            case "MovingAverageMinMaxObserver", "MovingAveragePerChannelMinMaxObserver" ->
                new MovingAverageObserver(options(c), axis, (float) c.real("averaging_constant"));
            case "HistogramObserver" -> new HistogramObserver(options(c), c.integer("bins"));
            default -> throw new AssertionError(c.name());
        };
    }

    private static void assertParameters(GoldenCase c, QuantizationParameters found) {
        float[] scales = c.output("scale").floats();
        int[] zeroPoints = c.output("zero_point").ints();
        assertEquals(scales.length, found.channels(), c.name());
        for (int i = 0; i < scales.length; i++) {
            assertEquals(scales[i], found.scale(i), c.name());
            assertEquals(zeroPoints[i], found.zeroPoint(i), c.name());
        }
    }

    @Test
    void rangesAreBitEqual() {
        int compared = 0;
        for (GoldenCase c : GoldenFile.load("observer", "none").cases()) {
            if (c.text("scheme").endsWith("float_qparams")) {
                // for embeddings, whose parameters EmbeddingBagSpec holds row by row
                continue;
            }
            Observer observer = observer(c);
            batches(c).forEach(observer::observe);
            float[] min = c.output("min_val").floats();
            float[] max = c.output("max_val").floats();
            for (int i = 0; i < min.length; i++) {
                assertEquals(min[i], ((RangeObserver) observer).min(i), c.name());
                assertEquals(max[i], ((RangeObserver) observer).max(i), c.name());
            }
            assertParameters(c, observer.parameters());
            compared++;
        }
        assertTrue(compared > 200, "compared = " + compared);
    }

    @Test
    void histogramsAreBitEqual() {
        int compared = 0;
        for (GoldenCase c : GoldenFile.load("histogram", "none").cases()) {
            if (!c.text("bounds").equals("exact")) {
                // PyTorch 1.13 cuts a histogram's bounds to integers, later releases and jquant do not
                continue;
            }
            HistogramObserver observer = (HistogramObserver) observer(c);
            batches(c).forEach(observer::observe);
            assertEquals(c.output("min_val").floats()[0], observer.histogram().min(), c.name());
            assertEquals(c.output("max_val").floats()[0], observer.histogram().max(), c.name());
            assertArrayEquals(c.output("histogram").floats(), observer.histogram().counts(), c.name());
            HistogramSearch found = new HistogramSearch(observer.histogram(), 256);
            assertEquals(c.output("search_min").floats()[0], found.min(), c.name());
            assertEquals(c.output("search_max").floats()[0], found.max(), c.name());
            assertParameters(c, observer.parameters());
            compared++;
        }
        assertTrue(compared > 15, "compared = " + compared);
    }
}

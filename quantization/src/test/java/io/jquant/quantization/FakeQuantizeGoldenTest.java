// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.ParameterChoice;
import io.jquant.QuantizationParameters;
import io.jquant.golden.GoldenCase;
import io.jquant.golden.GoldenFile;
import io.jquant.golden.GoldenTensor;
import io.jquant.graph.Tensor;
import io.jquant.spi.Numerics;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fake quantization, forward and backward, against what PyTorch's answered. */
class FakeQuantizeGoldenTest {
    static Tensor tensor(GoldenTensor golden) {
        return Tensor.of(golden.floats(), golden.shape().stream().mapToLong(Integer::longValue).toArray());
    }

    private static DataType type(GoldenCase c) {
        return c.integer("quant_min") < 0 ? DataType.S8 : DataType.U8;
    }

    static FakeQuantize fakeQuantize(GoldenCase c) {
        QuantizationParameters p = c.operator().endsWith("per_tensor")
                ? QuantizationParameters.perTensor(type(c), (float) c.real("scale"), c.integer("zero_point"))
                : QuantizationParameters.perChannel(type(c), c.input("scales").floats(), c.input("zero_points").ints(),
                        c.integer("axis"));
        return new FakeQuantize(p, c.integer("quant_min"), c.integer("quant_max"));
    }

    private static boolean same(float a, float b) {
        return Float.floatToIntBits(a) == Float.floatToIntBits(b) || a == b;
    }

    /** Compares rounded numbers, mask and gradient; elements beyond int64 are left out where the peer casts to it. */
    private static int compare(GoldenCase c, boolean casts) {
        Tensor x = tensor(c.input("x"));
        FakeQuantize fake = fakeQuantize(c);
        FakeQuantize.Result made = fake.forward(x);
        Tensor dx = FakeQuantize.backward(tensor(c.input("dy")), made.mask());
        float[] y = c.output("y").floats();
        byte[] mask = c.output("mask").bytes();
        float[] gradient = c.output("dx").floats();
        int skipped = 0;
        for (int i = 0; i < y.length; i++) {
            if (casts && !(Math.abs(x.floats()[i]) < 1e15f)) {
                skipped++;
                continue;
            }
            String where = c.name() + ", element " + i + ", x = " + x.floats()[i];
            assertTrue(same(y[i], made.values().floats()[i]), where + ": " + made.values().floats()[i] + ", peer "
                    + y[i]);
            assertEquals(mask[i], made.mask().bytes()[i], where);
            assertTrue(same(gradient[i], dx.floats()[i]), where);
        }
        return y.length - skipped;
    }

    @ParameterizedTest
    @ValueSource(strings = {"fbgemm", "onednn", "qnnpack"})
    void roundedNumbersMasksAndGradientsAreBitEqual(String peer) {
        GoldenFile file = GoldenFile.load("fake_quantize", peer);
        int cases = 0;
        for (String operator : List.of("fake_quantize_per_tensor", "fake_quantize_per_channel")) {
            for (GoldenCase c : file.cases(operator)) {
                // PyTorch 1.13 casts to int64 before it compares, which is the lower bound for all that is beyond
                compare(c, !peer.equals("fbgemm"));
                cases++;
            }
        }
        assertEquals(60, cases);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fbgemm", "onednn", "qnnpack"})
    void learnedScalesAndZeroPoints(String peer) {
        GoldenFile file = GoldenFile.load("fake_quantize", peer);
        int cases = 0;
        for (String operator : List.of("fake_quantize_learnable_per_tensor", "fake_quantize_learnable_per_channel")) {
            for (GoldenCase c : file.cases(operator)) {
                int axis = operator.endsWith("tensor") ? QuantizationParameters.NO_AXIS : c.integer("axis");
                LearnableFakeQuantize fake = new LearnableFakeQuantize(c.input("scale").floats(),
                        c.input("zero_point").floats(), axis, c.integer("quant_min"), c.integer("quant_max"),
                        (float) c.real("grad_factor"));
                Tensor x = tensor(c.input("x"));
                equal(c, "y", fake.forward(x));
                LearnableFakeQuantize.Gradients gradients = fake.backward(tensor(c.input("dy")), x);
                equal(c, "dx", gradients.input());
                // sums, which PyTorch takes in binary32 in an order of its own
                near(c, "dscale", gradients.scales());
                near(c, "dzero_point", gradients.zeroPoints());
                cases++;
            }
        }
        assertEquals(100, cases);
    }

    private static void equal(GoldenCase c, String output, Tensor found) {
        float[] expected = c.output(output).floats();
        for (int i = 0; i < expected.length; i++) {
            assertTrue(same(expected[i], found.floats()[i]), c.name() + ", " + output + "[" + i + "]: "
                    + found.floats()[i] + ", peer " + expected[i]);
        }
    }

    private static void near(GoldenCase c, String output, Tensor found) {
        float[] expected = c.output(output).floats();
        double size = c.output("dscale").floats().length == 1 ? c.input("x").size() : 1;
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found.floats()[i], 2e-6 * (1 + size) * (10 + Math.abs(expected[i])),
                    c.name() + ", " + output + "[" + i + "]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fbgemm", "onednn"})
    void movingAveragesAreBitEqual(String peer) {
        int cases = 0;
        // the portable engine chooses as FBGEMM does; how QNNPACK's numerics choose is tested where they are
        try (Engine engine = Engine.open(EngineOptions.defaults().withEngine("portable"))) {
            assumeTrue(engine.numerics() == Numerics.FBGEMM, "the portable engine here has " + engine.numerics());
            for (GoldenCase c : GoldenFile.load("fake_quantize", peer).cases("fused_moving_avg_obs_fake_quant")) {
                int levels = c.integer("quant_max") - c.integer("quant_min");
                if (levels != 255 && levels != 127) {
                    // an engine chooses for the whole or the half range of a type
                    continue;
                }
                int axis = c.flag("per_channel") ? c.integer("axis") : QuantizationParameters.NO_AXIS;
                MovingAverageFakeQuantize fake = new MovingAverageFakeQuantize(engine,
                        new ParameterChoice(type(c), levels == 127, c.flag("symmetric"), false), axis,
                        (float) c.real("averaging_constant"));
                fake.forward(tensor(c.input("batch0")));
                fake.forward(tensor(c.input("batch1")));
                FakeQuantize.Result made = fake.forward(tensor(c.input("batch2")));
                float[] scales = c.output("scale").floats();
                for (int i = 0; i < scales.length; i++) {
                    assertEquals(c.output("running_min").floats()[i], fake.observer().min(i), c.name());
                    assertEquals(c.output("running_max").floats()[i], fake.observer().max(i), c.name());
                    assertEquals(scales[i], fake.parameters().scale(i), c.name());
                    assertEquals(c.output("zero_point").ints()[i], fake.parameters().zeroPoint(i), c.name());
                }
                equal(c, "y", made.values());
                cases++;
            }
        }
        assertEquals(32, cases);
    }

    @Test
    void wrongArgumentsAreRefused() {
        QuantizationParameters p = QuantizationParameters.perTensor(DataType.U8, 1, 200);
        assertThrows(IllegalArgumentException.class, () -> new FakeQuantize(p, 0, 127));
        assertThrows(IllegalArgumentException.class, () -> new FakeQuantize(null, 0, 255));
        assertThrows(IllegalArgumentException.class,
                () -> new FakeQuantize(p, 0, 255).forward(Tensor.of(new long[1], 1)));
        assertThrows(IllegalArgumentException.class,
                () -> new LearnableFakeQuantize(new float[2], new float[1], 0, 0, 255, 1));
        assertThrows(IllegalArgumentException.class, () -> FakeQuantize.backward(Tensor.scalar(1), Tensor.scalar(1)));
    }
}

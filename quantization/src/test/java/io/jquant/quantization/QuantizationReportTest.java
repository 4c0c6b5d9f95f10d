// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.QuantizationParameters;
import io.jquant.golden.GoldenCase;
import io.jquant.golden.GoldenFile;
import io.jquant.golden.GoldenTensor;
import io.jquant.graph.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The part of golden/REPORT.md about observers and fake quantization: counts, and why something is not equal. */
class QuantizationReportTest {
    private static final Path COMMITTED = Path.of("..", "golden", "REPORT.md");
    private static final String TITLE = "\n## Observers and fake quantization\n";

    /** Counts of one operator beside one peer. */
    private static final class Row {
        private int cases;
        private int compared;
        private int equalCases;
        private long elements;
        private long equalElements;
    }

    private final Map<String, Row> rows = new LinkedHashMap<>();

    private Row row(GoldenCase c, String peer) {
        Row row = rows.computeIfAbsent("`" + c.operator() + "` | " + peer, k -> new Row());
        row.cases++;
        return row;
    }

    private static void count(Row row, float[]... pairs) {
        boolean equal = true;
        row.compared++;
        for (int p = 0; p < pairs.length; p += 2) {
            assertEquals(pairs[p].length, pairs[p + 1].length);
            for (int i = 0; i < pairs[p].length; i++) {
                boolean same = pairs[p][i] == pairs[p + 1][i];
                row.elements++;
                row.equalElements += same ? 1 : 0;
                equal &= same;
            }
        }
        row.equalCases += equal ? 1 : 0;
    }

    private static float[] floats(GoldenTensor tensor) {
        int[] ints = tensor.ints();
        float[] floats = new float[ints.length];
        for (int i = 0; i < ints.length; i++) {
            floats[i] = ints[i];
        }
        return floats;
    }

    private static float[] floats(byte[] bytes) {
        float[] floats = new float[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            floats[i] = bytes[i];
        }
        return floats;
    }

    private void observers(String family) {
        for (GoldenCase c : GoldenFile.load(family, "none").cases()) {
            Row row = row(c, "PyTorch 1.13");
            boolean histogram = c.operator().equals("HistogramObserver");
            if (c.text("scheme").endsWith("float_qparams") || (histogram && !c.text("bounds").equals("exact"))) {
                continue;
            }
            Observer observer = ObserverGoldenTest.observer(c);
            ObserverGoldenTest.batches(c).forEach(observer::observe);
            QuantizationParameters p = observer.parameters();
            float[] scales = new float[p.channels()];
            float[] zeroPoints = new float[p.channels()];
            for (int i = 0; i < scales.length; i++) {
                scales[i] = p.scale(i);
                zeroPoints[i] = p.zeroPoint(i);
            }
            count(row, c.output("scale").floats(), scales, floats(c.output("zero_point")), zeroPoints);
        }
    }

    private void fakeQuantize(String peer) {
        GoldenFile file = GoldenFile.load("fake_quantize", peer);
        for (String operator : List.of("fake_quantize_per_tensor", "fake_quantize_per_channel")) {
            for (GoldenCase c : file.cases(operator)) {
                FakeQuantize.Result made = FakeQuantizeGoldenTest.fakeQuantize(c)
                        .forward(FakeQuantizeGoldenTest.tensor(c.input("x")));
                Tensor dx = FakeQuantize.backward(FakeQuantizeGoldenTest.tensor(c.input("dy")), made.mask());
                count(row(c, peer), c.output("y").floats(), made.values().floats(), floats(c.output("mask").bytes()),
                        floats(made.mask().bytes()), c.output("dx").floats(), dx.floats());
            }
        }
        for (String operator : List.of("fake_quantize_learnable_per_tensor", "fake_quantize_learnable_per_channel")) {
            for (GoldenCase c : file.cases(operator)) {
                int axis = operator.endsWith("tensor") ? QuantizationParameters.NO_AXIS : c.integer("axis");
                LearnableFakeQuantize fake = new LearnableFakeQuantize(c.input("scale").floats(),
                        c.input("zero_point").floats(), axis, c.integer("quant_min"), c.integer("quant_max"),
                        (float) c.real("grad_factor"));
                Tensor x = FakeQuantizeGoldenTest.tensor(c.input("x"));
                LearnableFakeQuantize.Gradients gradients = fake.backward(
                        FakeQuantizeGoldenTest.tensor(c.input("dy")), x);
                count(row(c, peer), c.output("y").floats(), fake.forward(x).floats(), c.output("dx").floats(),
                        gradients.input().floats(), c.output("dscale").floats(), gradients.scales().floats(),
                        c.output("dzero_point").floats(), gradients.zeroPoints().floats());
            }
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder(TITLE).append("""

                Written by the tests of `quantization`, which fail where this part is not current. Elements are scales
                and zero points of observers; rounded numbers, masks and gradients of fake quantization.

                | operator | peer | cases | compared | bit-equal | elements | bit-equal |
                |---|---|--:|--:|--:|--:|--:|
                """);
        rows.forEach((name, row) -> text.append(String.format(Locale.ROOT, "| %s | %d | %d | %d | %d | %d |\n", name,
                row.cases, row.compared, row.equalCases, row.elements, row.equalElements)));
        return text.append("""

                Not compared: observers with real zero points (`float_qparams`), which jquant's tables hold row by row;
                histograms whose bounds PyTorch 1.13 cuts to integers, which later releases and jquant do not.
                Different: `fake_quantize_per_tensor` beside PyTorch 1.13 (onednn, qnnpack) only for infinities and
                beyond 2^63, which it casts to int64 before it compares; later releases (fbgemm's peer) and jquant
                saturate. Of `fake_quantize_learnable_*` only `dscale` and `dzero_point` in the last bits: sums, which
                PyTorch takes in binary32 in an order of its own, and jquant in binary64. The scale and zero point of
                `fused_moving_avg_obs_fake_quant`, its rounded numbers and its ranges are bit-equal in the 32 cases of
                whole and halved ranges of a type.
                """).toString();
    }

    @Test
    void theCommittedReportIsCurrent() throws IOException {
        observers("observer");
        observers("histogram");
        for (String peer : List.of("fbgemm", "onednn", "qnnpack")) {
            fakeQuantize(peer);
        }
        String text = text();
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target", "golden-report.txt"), text);
        String committed = Files.readString(COMMITTED);
        assertEquals(committed.substring(Math.max(0, committed.indexOf(TITLE))), text,
                "golden/README.md says how to renew " + COMMITTED);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.graph.Model;
import io.jquant.graph.Tensor;
import io.jquant.graph.lowering.LoweredModel;
import io.jquant.graph.onnx.OnnxReader;
import io.jquant.quantization.Quantizer;
import io.jquant.quantization.StaticOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Loading, running and closing again and again leaves nothing behind. {@code -Djquant.test.cases=N} for as many cycles;
 * the figures are printed.
 */
class LeakTest {
    private static final int CYCLES = Integer.getInteger("jquant.test.cases", 300);
    private static final long SLACK_KIB = 64 << 10;

    @Test
    void memoryAndThreadsStayFlat() throws IOException, InterruptedException {
        Path status = Path.of("/proc/self/status");
        assumeTrue(Files.isReadable(status), "no /proc/self/status to read the memory from");
        Model model = quantized();
        Tensor image = image(new Random(5));
        cycles(model, image, CYCLES / 3);
        System.gc();
        long memory = field(status, "VmRSS:");
        long threads = field(status, "Threads:");
        cycles(model, image, CYCLES);
        System.gc();
        Thread.sleep(300);
        long grown = field(status, "VmRSS:") - memory;
        System.out.println(CYCLES + " cycles: resident memory " + memory + " KiB, then " + grown + " KiB more; threads "
                + threads + ", then " + field(status, "Threads:"));
        assertTrue(grown < SLACK_KIB, () -> "resident memory grew by " + grown + " KiB in " + CYCLES + " cycles");
        // the JVM's own come and go
        long more = field(status, "Threads:") - threads;
        assertTrue(more <= 2, () -> more + " threads more");
    }

    private static void cycles(Model model, Tensor image, int count) {
        for (int i = 0; i < count; i++) {
            try (Engine engine = Engine.open(EngineOptions.fromProperties().withThreads(2));
                    LoweredModel lowered = LoweredModel.lower(model, engine)) {
                assertEquals(10, lowered.run(Map.of("input", image)).get("output").count());
            }
        }
    }

    private static Model quantized() throws IOException {
        Model model = OnnxReader.read(Path.of("..", "demo", "data", "resnet8-cifar10.onnx"));
        return Quantizer.staticQuantize(model, List.of(Map.of("input", image(new Random(4)))),
                StaticOptions.forEngine("fbgemm"));
    }

    private static Tensor image(Random random) {
        float[] pixels = new float[3 * 32 * 32];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.nextInt(256);
        }
        return Tensor.of(pixels, 1, 3, 32, 32);
    }

    private static long field(Path status, String name) throws IOException {
        return Files.readAllLines(status).stream().filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElseThrow();
    }
}

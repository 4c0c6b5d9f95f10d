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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Loading, running and closing again and again, in a JVM of its own, leaves nothing behind.
 * {@code -Djquant.test.cases=N} for as many cycles; the figures are printed.
 */
public class LeakTest {
    private static final int CYCLES = Integer.getInteger("jquant.test.cases", 300);
    private static final long SLACK_KIB = 32 << 10;
    private static final Path STATUS = Path.of("/proc/self/status");

    @Test
    void memoryAndThreadsStayFlat() throws IOException, InterruptedException {
        assumeTrue(Files.isReadable(STATUS), "no /proc/self/status to read the memory from");
        // a heap that is all there from the start: what grows afterwards is not Java's
        String output = Jvm.run("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED", "--add-modules", "jdk.incubator.vector",
                "-cp", Jvm.joined(Jvm.classPath()), LeakTest.class.getName(), Integer.toString(CYCLES));
        System.out.println(output.strip());
        Matcher figures = Pattern.compile("grown (-?\\d+) KiB, (-?\\d+) threads").matcher(output);
        assertTrue(figures.find(), output);
        assertTrue(Long.parseLong(figures.group(1)) < SLACK_KIB, output);
        // the JVM's own come and go
        assertTrue(Long.parseLong(figures.group(2)) <= 2, output);
    }

    /**
     * Loads, runs and closes, and prints what has grown since the first third.
     *
     * @param arguments the number of cycles
     * @throws IOException if the model or /proc cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        int count = Integer.parseInt(arguments[0]);
        Model model = quantized();
        Tensor image = image(new Random(5));
        cycles(model, image, count / 3);
        long memory = field("VmRSS:");
        long threads = field("Threads:");
        cycles(model, image, count);
        System.out.println(count + " cycles: from " + memory + " KiB and " + threads + " threads grown "
                + (field("VmRSS:") - memory) + " KiB, " + (field("Threads:") - threads) + " threads");
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

    private static long field(String name) throws IOException {
        return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElseThrow();
    }
}

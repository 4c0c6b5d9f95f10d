// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.graph.Model;
import io.jquant.graph.Tensor;
import io.jquant.graph.lowering.LoweredModel;
import io.jquant.spi.Tier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One process in which ONNX Runtime, whose kernels use the same registers and tiles, runs an int8 model as well: by
 * turns on one thread, and at the same time on others. {@code -Djquant.stress.seconds=N} makes it run longer.
 */
class BesideOnnxRuntimeTest {
    private static final long SECONDS = Long.getLong("jquant.stress.seconds", 5);
    private static final int IMAGES = 4;

    @TempDir
    Path folder;

    /** A model's answer to an image. */
    @FunctionalInterface
    private interface Runner extends Function<Map<String, Tensor>, float[]> {
    }

    private static List<float[]> all(Runner runner, List<Map<String, Tensor>> images) {
        return images.stream().map(runner).toList();
    }

    /** Runs both by turns until the time is over, and returns how often. */
    private static int repeat(List<Runner> runners, List<List<float[]>> expected, List<Map<String, Tensor>> images,
            long end) {
        int rounds = 0;
        for (; System.nanoTime() < end; rounds++) {
            int image = rounds % IMAGES;
            for (int i = 0; i < runners.size(); i++) {
                assertArrayEquals(expected.get(i).get(image), runners.get(i).apply(images.get(image)),
                        "round " + rounds + ", runner " + i);
            }
        }
        return rounds;
    }

    @Test
    void everyAnswerStaysTheSame() throws Exception {
        Model model = Quantizer.staticQuantize(Cifar.resnet8(), Cifar.calibration().subList(0, 1),
                StaticOptions.forEngine("fbgemm"));
        List<Map<String, Tensor>> images = Cifar.batches("cifar10-lossless-test1017.bin", 1).subList(0, IMAGES);
        EngineOptions options = EngineOptions.fromProperties().withThreads(2);
        try (OnnxRuntime runtime = new OnnxRuntime(model, folder);
                Engine definition = Engine.open(options.withTier(Tier.SCALAR));
                LoweredModel slow = LoweredModel.lower(model, definition);
                Engine engine = Engine.open(options); LoweredModel lowered = LoweredModel.lower(model, engine);
                ExecutorService threads = Executors.newFixedThreadPool(3)) {
            Runner ours = image -> lowered.run(image).get("output").toFloats();
            Runner theirs = image -> runtime.run(image).get("output").toFloats();
            List<List<float[]>> expected = List.of(
                    all(image -> slow.run(image).get("output").toFloats(), images), all(theirs, images));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            List<Callable<Integer>> work = List.of(() -> repeat(List.of(ours, theirs), expected, images, end),
                    () -> repeat(List.of(ours), expected.subList(0, 1), images, end),
                    () -> repeat(List.of(theirs), expected.subList(1, 2), images, end));
            List<Integer> rounds = new ArrayList<>();
            for (Future<Integer> each : threads.invokeAll(work)) {
                rounds.add(each.get());
            }
            System.out.println("beside ONNX Runtime: rounds by turns, of ours, of theirs: " + rounds);
            assertTrue(rounds.stream().allMatch(count -> count > 0), rounds.toString());
        }
    }
}

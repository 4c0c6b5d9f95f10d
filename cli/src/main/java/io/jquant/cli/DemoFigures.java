// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.Engine;
import io.jquant.EngineSelection.Considered;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the demo found; percentages in 0..100, sizes in bytes. */
record DemoFigures(String engine, String tier, String isa, int threads, int images, double floatTop1, double int8Top1,
        double agreement, double relativeRms, long floatBytes, long int8Bytes, double floatImagesPerSecond,
        double int8ImagesPerSecond) {
    static DemoFigures of(Engine engine, Evaluation real, Evaluation int8, long floatBytes, long int8Bytes) {
        Considered chosen = engine.selection().chosen();
        return new DemoFigures(chosen.engine(), chosen.candidate().tier().spelling(),
                chosen.candidate().isa().spelling(), engine.selection().options().threads(), real.logits().size(),
                real.top1(), int8.top1(), int8.agreement(real), int8.relativeRms(real), floatBytes, int8Bytes,
                real.samplesPerSecond(), int8.samplesPerSecond());
    }

    void print(PrintWriter out) {
        out.printf("ResNet-8 on %d CIFAR-10 images that it was neither trained nor calibrated with%n", images);
        out.printf("engine %s, tier %s, isa %s, threads %d%n%n", engine, tier, isa, threads);
        out.printf("%-18s %12s %12s%n", "", "float", "int8");
        out.printf("%-18s %11.1f%% %11.1f%%%n", "top-1", floatTop1, int8Top1);
        out.printf("%-18s %12d %12d  (%.1f%%)%n", "file, bytes", floatBytes, int8Bytes,
                100.0 * int8Bytes / floatBytes);
        out.printf("%-18s %12.0f %12.0f%n%n", "images per second", floatImagesPerSecond, int8ImagesPerSecond);
        out.printf("int8 agrees with float on %.1f%% of the images; relative RMS error of its logits %.4f%n",
                agreement, relativeRms);
    }

    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("engine", engine);
        map.put("tier", tier);
        map.put("isa", isa);
        map.put("threads", threads);
        map.put("images", images);
        map.put("floatTop1", floatTop1);
        map.put("int8Top1", int8Top1);
        map.put("agreement", agreement);
        map.put("relativeRms", relativeRms);
        map.put("floatBytes", floatBytes);
        map.put("int8Bytes", int8Bytes);
        map.put("floatImagesPerSecond", floatImagesPerSecond);
        map.put("int8ImagesPerSecond", int8ImagesPerSecond);
        return map;
    }
}

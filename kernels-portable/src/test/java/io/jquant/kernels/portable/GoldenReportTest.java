// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.EngineOptions;
import io.jquant.kernels.testing.golden.GoldenReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GoldenReportTest {
    private static final Path COMMITTED = Path.of("..", "golden", "REPORT.md");

    @Test
    void theCommittedReportIsCurrent() throws IOException {
        GoldenReport report = GoldenReport.of(Stream.of("reference-fbgemm", "reference-qnnpack")
                .map(engine -> EngineOptions.defaults().withEngine(engine)).toList());
        Files.writeString(Path.of("target", "golden-counts.tsv"), report.counts());
        Files.writeString(Path.of("target", "golden-report.txt"), report.text());
        String committed = Files.readString(COMMITTED);
        // what follows is written, and checked, by the tests of module quantization
        String own = committed.substring(0, Math.max(0, committed.indexOf("\n## Observers and fake quantization")));
        assertEquals(own, report.text(), "golden/README.md says how to renew " + COMMITTED);
    }
}

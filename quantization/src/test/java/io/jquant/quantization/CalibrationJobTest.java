// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.graph.Tensor;
import io.jquant.quantization.suite.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calibrations that are stopped and gone on with. */
class CalibrationJobTest {
    private static final int SIZE = 2;
    private final List<Map<String, Tensor>> batches = Models.batches(new Random(4), 4);

    @TempDir
    private Path folder;

    private static StaticQuantizer prepare(QConfig config) {
        return StaticQuantizer.prepare(Models.residual(new Random(3), "r"),
                StaticOptions.forEngine("fbgemm").with(config));
    }

    private CalibrationJob open(Path output, QConfig config, String data) throws IOException {
        return CalibrationJob.open(prepare(config), output, data, Duration.ofDays(1));
    }

    @Test
    void aJobThatWasStoppedFindsTheSameBitForBit() throws IOException {
        Path whole = folder.resolve("whole");
        CalibrationJob uninterrupted = open(whole, QConfigs.defaults(), "d");
        for (Map<String, Tensor> batch : batches) {
            uninterrupted.calibrate(batch, SIZE);
        }
        uninterrupted.finish();

        Path output = folder.resolve("output");
        for (int stop = 0; stop < 3; stop++) {
            CalibrationJob part = open(output, QConfigs.defaults(), "d");
            assertEquals((long) stop * SIZE, part.samples());
            part.calibrate(batches.get(stop), SIZE);
            part.save();
            // what is not saved is done again
            part.calibrate(batches.get(stop + 1), SIZE);
        }
        assertFalse(Files.exists(output));
        CalibrationJob last = open(output, QConfigs.defaults(), "d");
        last.calibrate(batches.get(3), SIZE);
        assertEquals(4, last.finish().batches());
        assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(output));
        assertFalse(Files.exists(CalibrationJob.stateOf(output)));
    }

    @Test
    void aStateOfSomethingElseIsNotGoneOnWith() throws IOException {
        Path output = folder.resolve("output");
        CalibrationJob job = open(output, QConfigs.minMax(), "d");
        job.calibrate(batches.getFirst(), SIZE);
        job.save();
        assertEquals(SIZE, open(output, QConfigs.minMax(), "d").samples());
        CalibrationJob otherData = open(output, QConfigs.minMax(), "other");
        assertEquals(0, otherData.samples());
        assertTrue(otherData.note().contains("output.part: is of another model, other options or other data"),
                otherData.note());

        Path state = CalibrationJob.stateOf(output);
        byte[] bytes = Files.readAllBytes(state);
        bytes[bytes.length / 2] ^= 1;
        Files.write(state, bytes);
        String damaged = assertThrows(IOException.class, () -> open(output, QConfigs.minMax(), "d")).getMessage();
        assertTrue(damaged.contains("damaged"), damaged);
    }

    @Test
    void everyBatchIsSavedWhereNoTimeMayBeLost() throws IOException {
        Path output = folder.resolve("output");
        CalibrationJob job = CalibrationJob.open(prepare(QConfigs.minMax()), output, "d", Duration.ZERO);
        job.calibrate(batches.getFirst(), SIZE);
        assertTrue(Files.exists(CalibrationJob.stateOf(output)));
        assertThrows(IllegalArgumentException.class, () -> CalibrationJob.open(prepare(QConfigs.minMax()), output, null,
                Duration.ZERO));
    }
}

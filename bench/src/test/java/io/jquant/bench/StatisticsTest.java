// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.DataType;
import io.jquant.bench.measure.Deviation;
import io.jquant.bench.measure.Statistics;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Order statistics, and what they are used for. */
class StatisticsTest {
    @Test
    void quantilesAreInterpolated() {
        List<Double> values = List.of(4.0, 1.0, 3.0, 2.0);
        assertEquals(1, Statistics.quantile(values, 0));
        assertEquals(2.5, Statistics.median(values));
        assertEquals(4, Statistics.quantile(values, 1));
        assertThrows(IllegalArgumentException.class, () -> Statistics.median(List.of()));
    }

    @Test
    void whatSlowsAWholeRoundCancelsInRatios() {
        assertEquals(2, Statistics.pairedRatio(List.of(2.0, 20.0, 2.0), List.of(1.0, 10.0, 1.0, 99.0)));
    }

    @Test
    void geometricMean() {
        assertEquals(2, Statistics.geometricMean(List.of(1.0, 4.0)), 1e-12);
    }

    @Test
    void windowsThatStillFallAreNotSteady() {
        assertFalse(Statistics.areSteady(List.of(1.0, 1.0), 1, 0.05));
        assertFalse(Statistics.areSteady(List.of(3.0, 2.0, 1.0), 1, 0.05));
        assertTrue(Statistics.areSteady(List.of(9.0, 1.02, 1.0, 1.01), 1, 0.05));
    }

    @Test
    void deviationsAreCountedInStepsAndPartsOfTheLargest() {
        MemorySegment right = MemorySegment.ofArray(new byte[] {(byte) 255, 0, 7, 7});
        Deviation off = Deviation.of(DataType.U8, right, MemorySegment.ofArray(new byte[] {(byte) 250, 1, 7, 7}));
        assertEquals(new Deviation(4, 2, 5), off);
        assertTrue(Deviation.of(DataType.U8, right, right).isNone());
        assertEquals(0.25, Deviation.of(DataType.F32, MemorySegment.ofArray(new float[] {-4, 1}),
                MemorySegment.ofArray(new float[] {-3, 1})).most());
    }
}

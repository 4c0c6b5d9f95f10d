// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.peak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.bench.peak.Peaks.Arithmetic;
import io.jquant.cpu.CpuInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeaksTest {
    private static final int RET = 0xD65F03C0;

    static Stream<Arithmetic> arithmetics() {
        return new Peaks(CpuInfo.current(), 1).arithmetics().stream();
    }

    @ParameterizedTest
    @MethodSource("arithmetics")
    void rulersOfThisCpuRun(Arithmetic arithmetic) {
        assumeTrue(CpuInfo.current().supports(arithmetic.isa()), () -> "no " + arithmetic.isa().spelling());
        Optional<Peak> ruler = new Peaks(CpuInfo.current(), 2).of(arithmetic);
        assertTrue(ruler.isPresent());
        try (Peak peak = ruler.get()) {
            assertTrue(peak.amount() > 0);
            peak.subject().run();
        }
    }

    @Test
    void armsLoopsAreAssembledEverywhere() {
        for (Supplier<byte[]> code : Stream.<Supplier<byte[]>>of(ArmPeakLoop::fma, ArmPeakLoop::words,
                ArmPeakLoop::dotProduct, ArmPeakLoop::matrices).toList()) {
            ByteBuffer words = ByteBuffer.wrap(code.get()).order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(RET, words.getInt(words.capacity() - Integer.BYTES));
        }
    }

    @Test
    void aKindOfCpuHasRulersOfItsOwnOnly() {
        assertFalse(new Peaks(CpuInfo.current(), 1).arithmetics().isEmpty());
        assertTrue(arithmetics().allMatch(each -> each.isa().architecture().orElseThrow()
                == CpuInfo.current().architecture()));
    }
}

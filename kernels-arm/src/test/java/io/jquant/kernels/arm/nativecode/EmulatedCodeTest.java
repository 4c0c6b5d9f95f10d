// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.cpu.Architecture;
import io.jquant.kernels.arm.Digests;
import io.jquant.spi.EngineBackend;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Machine code on emulated Arm CPUs while the JVM stays on its own, which takes seconds where an emulated JVM takes
 * minutes: answers are those of the definition, and every operand ends where memory does.
 */
@ParameterizedClass
@EnumSource(Way.class)
class EmulatedCodeTest {
    /** At least half of {@code jquant.test.cases} cases of each family. */
    private static final int BLOCKS = Math.ceilDiv(Integer.getInteger("jquant.test.cases", 200), 2 * Digests.BLOCK);

    @Parameter
    private Way way;
    private EngineBackend backend;

    @BeforeEach
    void open() {
        assumeTrue(Architecture.current() != Architecture.AARCH64, "the CPU itself runs the code");
        assumeTrue(EmulatedMachine.whyNot().isEmpty(), EmulatedMachine::whyNot);
        backend = backend(EmulatedEngine.cpu(way));
    }

    private EngineBackend backend(String cpu) {
        return EmulatedEngine.way(way, cpu).open(1, null);
    }

    @AfterEach
    void close() {
        if (backend != null) {
            backend.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void answersAreThoseOfTheDefinition(Digests.Family family) {
        Map<String, Long> expected = Digests.expected();
        Digests digests = new Digests(backend);
        for (int block = 0; block < BLOCKS && expected.containsKey(family.name() + block); block++) {
            assertEquals(expected.get(family.name() + block), digests.of(family, block),
                    family + ", seeds from " + block * Digests.BLOCK + ", " + way);
        }
    }

    /** So that it is seen to be the CPU that runs the code. */
    @Test
    void aCpuWithoutTheInstructionsStops() {
        assumeTrue(way != Way.WIDENING, "every CPU has NEON");
        try (EngineBackend unfit = backend("cortex-a72")) {
            Digests digests = new Digests(unfit);
            assertThrows(IllegalStateException.class, () -> digests.of(Digests.Family.LINEAR, 0));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import io.jquant.EngineOptions;
import io.jquant.kernels.testing.BinaryCases;
import io.jquant.kernels.testing.ConversionCases;
import io.jquant.kernels.testing.ElementCheck;
import io.jquant.kernels.testing.KernelWay;
import io.jquant.kernels.testing.PoolingCases;
import io.jquant.kernels.testing.UnaryCases;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators around products in machine code, on an emulated Arm CPU that has nothing but NEON: they need no more. */
class EmulatedElementsTest {
    private static final String CPU = EmulatedEngine.cpu(Way.WIDENING);
    private static final KernelWay KERNELS = EmulatedEngine.way(Way.WIDENING, CPU);
    private static final EngineOptions OPTIONS =
            EngineOptions.defaults().withEngine(EmulatedEngine.name(Way.WIDENING)).withThreads(1);

    @BeforeEach
    void assumeEmulated() {
        KERNELS.assumeUsable();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void elementsOfEveryNumber(boolean atEnd) {
        ElementCheck.everyNumber(KERNELS, atEnd);
    }

    @Nested
    class Pairs extends BinaryCases {
        Pairs() {
            super(OPTIONS);
        }
    }

    @Nested
    class Functions extends UnaryCases {
        Functions() {
            super(OPTIONS);
        }
    }

    @Nested
    class Conversions extends ConversionCases {
        Conversions() {
            super(OPTIONS);
        }
    }

    @Nested
    class Poolings extends PoolingCases {
        Poolings() {
            super(OPTIONS);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.kernels.testing.ElementCheck;
import io.jquant.kernels.testing.KernelWay;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators around products in machine code, on emulated CPUs. */
@ParameterizedClass
@EnumSource
class EmulatedElementsTest {
    private final KernelWay way;

    EmulatedElementsTest(EmulatedKernels kernels) {
        way = kernels.wayOfFullTests();
    }

    @BeforeEach
    void assumeEmulated() {
        way.assumeUsable();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void elementsOfEveryNumber(boolean atEnd) {
        ElementCheck.everyNumber(way, atEnd);
    }
}

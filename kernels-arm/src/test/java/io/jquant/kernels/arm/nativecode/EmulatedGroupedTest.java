// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import io.jquant.kernels.testing.GroupedKernelSuite;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights of 4 bits in machine code, on emulated Arm CPUs. */
@ParameterizedClass
@EnumSource
class EmulatedGroupedTest extends GroupedKernelSuite {
    EmulatedGroupedTest(Way way) {
        super(EmulatedEngine.way(way, EmulatedEngine.cpu(way)));
    }
}

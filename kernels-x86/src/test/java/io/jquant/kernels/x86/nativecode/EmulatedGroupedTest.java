// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.kernels.testing.GroupedKernelSuite;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights of 4 bits in machine code, on emulated CPUs. */
@ParameterizedClass
@EnumSource
class EmulatedGroupedTest extends GroupedKernelSuite {
    EmulatedGroupedTest(EmulatedKernels kernels) {
        super(kernels.wayOfFullTests());
    }
}

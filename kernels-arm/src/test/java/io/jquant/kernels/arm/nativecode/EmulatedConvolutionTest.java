// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.kernels.testing.ImageKernelSuite;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Machine code that reads images, on emulated Arm CPUs: a minute, for runs with more cases than usual. */
@ParameterizedClass
@EnumSource
class EmulatedConvolutionTest extends ImageKernelSuite {
    EmulatedConvolutionTest(Way way) {
        super(EmulatedEngine.way(way, EmulatedEngine.cpu(way)));
    }

    @BeforeAll
    static void assumeLong() {
        assumeTrue(Integer.getInteger("jquant.test.cases", 200) > 200, "long: -Djquant.test.cases=201 or more runs it");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.kernels.testing.ImageKernelSuite;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Machine code that reads images, on emulated CPUs. */
@ParameterizedClass
@EnumSource
class EmulatedConvolutionTest extends ImageKernelSuite {
    EmulatedConvolutionTest(EmulatedKernels kernels) {
        super(kernels.wayOfFullTests());
    }
}

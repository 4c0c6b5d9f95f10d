// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import io.jquant.cpu.Isa;
import io.jquant.kernels.testing.GemmKernelSuite;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Machine code on its own. */
@ParameterizedClass
@EnumSource(names = {"NEON", "NEON_DOTPROD", "NEON_I8MM"})
class NativeKernelsTest extends GemmKernelSuite {
    NativeKernelsTest(Isa isa) {
        super(new NativeKernelProvider(), isa);
    }
}

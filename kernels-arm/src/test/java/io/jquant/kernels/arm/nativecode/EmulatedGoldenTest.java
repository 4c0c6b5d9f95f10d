// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.EngineOptions;
import io.jquant.cpu.Architecture;
import io.jquant.kernels.testing.golden.GoldenCases;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What PyTorch answered with QNNPACK, beside what machine code answers on emulated Arm CPUs. */
@ParameterizedClass
@EnumSource
class EmulatedGoldenTest extends GoldenCases {
    EmulatedGoldenTest(Way way) {
        super(EngineOptions.defaults().withEngine(EmulatedEngine.name(way)).withThreads(1));
    }

    @BeforeEach
    void assumeEmulated() {
        assumeTrue(Architecture.current() != Architecture.AARCH64, "the CPU itself runs the code");
        assumeTrue(EmulatedMachine.whyNot().isEmpty(), EmulatedMachine::whyNot);
    }
}

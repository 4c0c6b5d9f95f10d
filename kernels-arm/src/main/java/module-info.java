// SPDX-License-Identifier: Apache-2.0

/** Kernels for Arm: NEON through the Vector API, SDOT and I8MM as machine code. */
module io.jquant.kernels.arm {
    requires io.jquant.kernels;
    requires io.jquant.codegen;
    requires jdk.incubator.vector;

    provides io.jquant.spi.EngineProvider with io.jquant.kernels.arm.QnnpackEngineProvider;
}

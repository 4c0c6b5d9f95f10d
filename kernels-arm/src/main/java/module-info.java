// SPDX-License-Identifier: Apache-2.0

/** Engine qnnpack: the numerics of PyTorch's QNNPACK, on whichever kernels the CPU has. */
module io.jquant.kernels.arm {
    requires io.jquant.kernels;

    provides io.jquant.spi.EngineProvider with io.jquant.kernels.arm.QnnpackEngineProvider;
}

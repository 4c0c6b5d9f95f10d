// SPDX-License-Identifier: Apache-2.0

/** Engine qnnpack: the numerics of PyTorch's QNNPACK, on whichever kernels the CPU has. */
module io.jquant.kernels.arm {
    requires io.jquant.kernels;
    requires io.jquant.codegen;
    requires static jdk.incubator.vector;

    provides io.jquant.kernels.common.KernelProvider with
        io.jquant.kernels.arm.nativecode.NativeKernelProvider,
        io.jquant.kernels.arm.vector.VectorKernelProvider;
    provides io.jquant.spi.EngineProvider with io.jquant.kernels.arm.QnnpackEngineProvider;
}

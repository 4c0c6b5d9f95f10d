// SPDX-License-Identifier: Apache-2.0

/** Kernels for x86: AVX2 and AVX-512 through the Vector API, VNNI and AMX as machine code. */
@SuppressWarnings("module") // x86 is what the instruction set is called
module io.jquant.kernels.x86 {
    requires io.jquant.kernels;
    requires io.jquant.codegen;
    requires jdk.incubator.vector;

    provides io.jquant.kernels.common.KernelProvider with
        io.jquant.kernels.x86.nativecode.NativeKernelProvider,
        io.jquant.kernels.x86.vector.VectorKernelProvider;
    provides io.jquant.spi.EngineProvider with io.jquant.kernels.x86.FbgemmEngineProvider;
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.vector;

import io.jquant.cpu.Isa;
import io.jquant.kernels.common.KernelProvider;
import io.jquant.kernels.vector.VectorKernels;
import io.jquant.kernels.vector.VectorOffer;
import java.util.List;

/** Offers the Vector API kernels. Their classes are loaded only where the incubator module is. */
public final class VectorKernelProvider implements KernelProvider {
    /** Made by {@link java.util.ServiceLoader}. */
    public VectorKernelProvider() {
    }

    @Override
    public List<Offer> offers() {
        return List.of(VectorOffer.of(Isa.AVX512, 512, () -> new VectorKernels(new Avx512Tile())),
                VectorOffer.of(Isa.AVX2, 256, () -> new VectorKernels(new Avx2Tile())));
    }
}

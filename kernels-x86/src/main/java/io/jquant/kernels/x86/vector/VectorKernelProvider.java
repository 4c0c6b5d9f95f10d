// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.vector;

import io.jquant.cpu.Isa;
import io.jquant.kernels.common.KernelProvider;
import io.jquant.kernels.vector.VectorKernels;
import io.jquant.kernels.vector.VectorOffer;
import io.jquant.spi.FloatKernels;
import java.util.List;

/** Offers the Vector API kernels. Their classes are loaded only where the incubator module is. */
public final class VectorKernelProvider implements KernelProvider {
    /** Made by {@link java.util.ServiceLoader}. */
    public VectorKernelProvider() {
    }

    /** {@return kernels on floats, on this JVM's widest vectors; null where it has no Vector API} */
    public static FloatKernels floats() {
        // lambdas: to link a reference to a constructor loads its class, which there may be no Vector API for
        FloatKernels widest = VectorOffer.floats(512, () -> new Avx512Tile());
        return widest == null ? VectorOffer.floats(256, () -> new Avx2Tile()) : widest;
    }

    @Override
    public List<Offer> offers() {
        return List.of(VectorOffer.of(Isa.AVX512, 512, () -> new VectorKernels(new Avx512Tile())),
                VectorOffer.of(Isa.AVX2, 256, () -> new VectorKernels(new Avx2Tile())));
    }
}

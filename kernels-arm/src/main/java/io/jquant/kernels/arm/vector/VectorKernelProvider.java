// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.vector;

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

    /** {@return kernels on floats; null where this JVM has no Vector API} */
    public static FloatKernels floats() {
        // a lambda: to link a reference to a constructor loads its class, which there may be no Vector API for
        return VectorOffer.floats(128, () -> new NeonTile());
    }

    @Override
    public List<Offer> offers() {
        return List.of(VectorOffer.of(Isa.NEON, 128, () -> new VectorKernels(new NeonTile())));
    }
}

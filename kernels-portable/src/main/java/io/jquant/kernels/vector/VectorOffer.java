// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import io.jquant.cpu.Isa;
import io.jquant.kernels.common.DynamicKernels;
import io.jquant.kernels.common.KernelProvider.Offer;
import io.jquant.kernels.common.KernelSet;
import io.jquant.spi.Candidate;
import io.jquant.spi.FloatKernels;
import io.jquant.spi.Tier;
import java.util.function.Supplier;

/** Offers kernels in the Vector API. Their classes are loaded only where the incubator module is. */
public final class VectorOffer {
    private VectorOffer() {
    }

    /**
     * Kernels for vectors of some width.
     *
     * @param isa the instruction set
     * @param bits how wide its vectors are
     * @param open makes the kernels; called only where this JVM has such vectors
     * @return the offer
     */
    public static Offer of(Isa isa, int bits, Supplier<KernelSet> open) {
        return new Offer(Tier.VECTOR, isa, cpu -> verdict(bits), open);
    }

    /** The Vector API works there too, but many times slower than plain Java. */
    private static boolean isWithoutOptimizingCompiler() {
        String mode = System.getProperty("java.vm.info", "");
        return mode.contains("interpreted mode") || mode.contains("emulated-client");
    }

    /**
     * Kernels on floats for a tier whose own are for bytes alone.
     *
     * @param bits how wide the tile's vectors are
     * @param tile makes the innermost loops of products; called only where this JVM has such vectors
     * @return the kernels; null where this JVM has no such vectors
     */
    public static FloatKernels floats(int bits, Supplier<FloatTile> tile) {
        return verdict(bits) instanceof Candidate.Usable ? new VectorFloats(tile.get()) : null;
    }

    /**
     * Kernels around the product of dynamic layers for a tier that has none.
     *
     * @param bits how wide vectors must be
     * @return the kernels; none where this JVM has no such vectors
     */
    public static DynamicKernels dynamic(int bits) {
        return verdict(bits) instanceof Candidate.Usable ? new VectorDynamic() : DynamicKernels.NONE;
    }

    /** Not by asking for it, which costs a start without it some milliseconds. */
    private static boolean isModuleThere() {
        for (Module module : ModuleLayer.boot().modules()) {
            if (module.getName().equals("jdk.incubator.vector")) {
                return true;
            }
        }
        return false;
    }

    private static Candidate.Verdict verdict(int bits) {
        if (!isModuleThere()) {
            return new Candidate.Unavailable("the Vector API is not there: start java with --add-modules "
                    + "jdk.incubator.vector");
        }
        if (isWithoutOptimizingCompiler()) {
            return new Candidate.Unavailable("this JVM runs without the compiler that knows vectors: leave out -Xint "
                    + "and -XX:TieredStopAtLevel");
        }
        int widest = VectorRows.bits();
        return widest >= bits ? new Candidate.Usable()
                : new Candidate.Unsupported("this JVM's vectors have " + widest + " bits, and not " + bits
                        + " (-XX:UseAVX, -XX:MaxVectorSize)");
    }
}

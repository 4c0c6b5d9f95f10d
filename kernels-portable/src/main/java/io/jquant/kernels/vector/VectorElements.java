// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import io.jquant.BinarySpec;
import io.jquant.DataType;
import io.jquant.kernels.common.BagKernel;
import io.jquant.kernels.common.ElementKernels;
import io.jquant.kernels.common.PairKernel;
import io.jquant.kernels.common.PoolKernel;
import io.jquant.kernels.common.RangeKernel;
import io.jquant.kernels.portable.Affine;
import io.jquant.kernels.portable.QnnpackAddition;

/** The operators around products in the Vector API, on vectors as wide as this JVM's. */
public final class VectorElements implements ElementKernels {
    /** Kernels that hold nothing. */
    public VectorElements() {
    }

    @Override
    public RangeKernel conversion(Affine from, Affine to) {
        if (isBytes(from) && isBytes(to)) {
            return table(from.requantization(to));
        }
        if (from == null && isBytes(to)) {
            return VectorQuantizeFours.isFaster() ? new VectorQuantizeFours(to) : new VectorQuantize(to);
        }
        return to == null && isBytes(from) ? new VectorDequantize(from) : null;
    }

    private static boolean isBytes(Affine element) {
        return element != null && element.type() != DataType.S32;
    }

    @Override
    public RangeKernel table(byte[] table) {
        RangeKernel clamp = VectorClamp.of(table);
        if (clamp != null) {
            return clamp;
        }
        if (VectorTable.fits()) {
            return new VectorTable(table);
        }
        return EightVectorTable.fits() ? new EightVectorTable(table) : new PlainTable(table);
    }

    @Override
    public PairKernel binary(BinarySpec spec, QnnpackAddition fixedPoint) {
        if (fixedPoint != null) {
            return new VectorFixedSum(spec, fixedPoint);
        }
        if (spec.function() == BinarySpec.Function.MULTIPLY) {
            return VectorProduct.of(spec);
        }
        if (255 * (spec.left().scale() + spec.right().scale()) == Float.POSITIVE_INFINITY) {
            // what the sum of two numbers is beyond floats
            return null;
        }
        PairKernel byTables = VectorTableSum.of(spec);
        return byTables == null ? VectorSum.of(spec) : byTables;
    }

    @Override
    public PoolKernel maximum(boolean signed) {
        return new VectorMaximum(signed);
    }

    @Override
    public PoolKernel mean(Affine input, Affine output, boolean zeroPointFirst) {
        return new VectorMean(input, output, zeroPointFirst);
    }

    @Override
    public BagKernel bag(int bits) {
        return bits == 8 ? new VectorBag() : null;
    }
}

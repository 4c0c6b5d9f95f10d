// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.SoftmaxSpec;
import io.jquant.spi.Numerics;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The exponentials of {@link ReferenceSoftmax}, to be looked up: of 8-bit integers there are 256 for every largest
 * element that a row may have. Used by many threads at once.
 */
public final class SoftmaxTables {
    private static final int VALUES = 256;

    private final Affine input;
    /** For each largest element, as u8, the exponentials of all elements, as u8; made when first wanted. */
    private final AtomicReferenceArray<float[]> exponentials = new AtomicReferenceArray<>(VALUES);

    private SoftmaxTables(Affine input) {
        this.input = input;
    }

    /**
     * The tables of a softmax.
     *
     * @param numerics the engine's formulas
     * @param spec the softmax
     * @return the tables; null where the softmax is one of integers
     */
    public static SoftmaxTables of(Numerics numerics, SoftmaxSpec spec) {
        return ReferenceSoftmax.isOfIntegers(numerics, spec) ? null : new SoftmaxTables(Affine.of(spec.input()));
    }

    /**
     * The exponentials of elements in a row.
     *
     * @param largest the row's largest element
     * @return {@code exp(element - largest)} for every element up to it, by the element as u8; not to be changed
     */
    public float[] of(int largest) {
        float[] made = exponentials.get(largest & 0xFF);
        if (made == null) {
            made = new float[VALUES];
            float most = input.dequantize(largest);
            for (int value = input.type().min(); value <= largest; value++) {
                made[value & 0xFF] = RealFunctions.exp(input.dequantize(value) - most);
            }
            exponentials.set(largest & 0xFF, made);
        }
        return made;
    }
}

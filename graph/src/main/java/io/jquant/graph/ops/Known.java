// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import io.jquant.DataType;
import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * What is known of a value before a graph runs.
 *
 * @param type the element type
 * @param shape the shape
 * @param constant the value itself, or null if it depends on the inputs
 * @param extents the elements of an integer value of rank 0 or 1 as far as they follow from shapes, or null
 */
public record Known(DataType type, Shape shape, Tensor constant, List<Extent> extents) {
    /** Longer integer vectors are data, not shapes. */
    private static final int LONGEST_SHAPE = 64;

    /**
     * An element that a shape computation carries: a number, or a dimension that is not a number yet.
     *
     * @param isNumber whether it is a number
     * @param number the number
     * @param dim the dimension if it is none
     */
    public record Extent(boolean isNumber, long number, Dim dim) {
        static final Extent UNKNOWN = new Extent(false, 0, Dim.UNKNOWN);

        static Extent of(long number) {
            return new Extent(true, number, Dim.UNKNOWN);
        }

        static Extent of(Dim dim) {
            return dim.isKnown() ? of(dim.value()) : new Extent(false, 0, dim);
        }

        boolean isNumber(long value) {
            return isNumber && number == value;
        }
    }

    /**
     * A constant.
     *
     * @param tensor its value
     * @return what is known of it
     */
    public static Known constant(Tensor tensor) {
        return new Known(tensor.type(), Shape.of(tensor.shape()), tensor, null);
    }

    /**
     * A value of a type and shape.
     *
     * @param type the element type
     * @param shape the shape
     * @return what is known of it
     */
    public static Known of(DataType type, Shape shape) {
        return new Known(type, shape, null, null);
    }

    List<Extent> knownExtents() {
        if (constant == null || !isInteger(type) || constant.rank() > 1 || constant.count() > LONGEST_SHAPE) {
            return extents;
        }
        List<Extent> all = new ArrayList<>(constant.count());
        for (long value : constant.toLongs()) {
            all.add(Extent.of(value));
        }
        return all;
    }

    private static boolean isInteger(DataType type) {
        return type == DataType.S64 || type == DataType.S32;
    }
}

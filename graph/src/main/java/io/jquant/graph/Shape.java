// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A shape, some or all of whose dimensions may be symbols.
 *
 * @param isRanked whether even the number of dimensions is known
 * @param dims the dimensions, empty for a scalar and for a shape of unknown rank
 */
public record Shape(boolean isRanked, List<Dim> dims) {
    /** A shape about which nothing is known. */
    public static final Shape UNKNOWN = new Shape(false, List.of());
    /** The shape of a scalar. */
    public static final Shape SCALAR = new Shape(true, List.of());

    /** Checks and copies the components. */
    public Shape {
        dims = List.copyOf(dims);
        if (!isRanked && !dims.isEmpty()) {
            throw new IllegalArgumentException("dims = " + dims + ": must be empty for an unknown rank");
        }
    }

    /**
     * A shape of known sizes.
     *
     * @param sizes the sizes, each at least 0
     * @return the shape
     */
    public static Shape of(long... sizes) {
        return new Shape(true, Arrays.stream(sizes).mapToObj(Dim::of).toList());
    }

    /**
     * A shape of these dimensions.
     *
     * @param dims the dimensions
     * @return the shape
     */
    public static Shape of(List<Dim> dims) {
        return new Shape(true, dims);
    }

    /**
     * A shape of which only the rank is known.
     *
     * @param rank number of dimensions, at least 0
     * @return the shape
     */
    public static Shape ofRank(int rank) {
        return new Shape(true, Collections.nCopies(rank, Dim.UNKNOWN));
    }

    /** {@return the number of dimensions, or -1 if it is unknown} */
    public int rank() {
        return isRanked ? dims.size() : -1;
    }

    /**
     * One dimension.
     *
     * @param axis which, from 0
     * @return the dimension
     */
    public Dim dim(int axis) {
        if (axis < 0 || axis >= dims.size()) {
            throw new IllegalArgumentException("axis = " + axis + ": must be within a shape of rank " + rank());
        }
        return dims.get(axis);
    }

    /** {@return whether every dimension is a number} */
    public boolean isKnown() {
        // asked at every node of every run: without streams
        for (int i = 0; i < dims.size(); i++) {
            if (!dims.get(i).isKnown()) {
                return false;
            }
        }
        return isRanked;
    }

    /** {@return the sizes of a shape that is wholly known} */
    public long[] sizes() {
        if (!isKnown()) {
            throw new IllegalStateException("shape " + this + " is not wholly known");
        }
        long[] sizes = new long[dims.size()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = dims.get(i).value();
        }
        return sizes;
    }

    /**
     * This shape with one dimension changed.
     *
     * @param axis which, from 0
     * @param dim the new one
     * @return the new shape
     */
    public Shape with(int axis, Dim dim) {
        dim(axis);
        List<Dim> changed = new ArrayList<>(dims);
        changed.set(axis, dim);
        return of(changed);
    }

    @Override
    public String toString() {
        return isRanked ? dims.toString() : "[...]";
    }
}

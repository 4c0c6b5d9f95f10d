// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

/** In which order the axes of a quantized value are in memory. */
enum Layout {
    /** As ONNX has them: batch, channels, spatial axes. */
    PLAIN,
    /** Batch, spatial axes, channels. */
    CHANNELS_LAST;

    /** The logical axis that is at a place in memory. */
    int logical(int place, int rank) {
        if (this == PLAIN || place == 0) {
            return place;
        }
        return place == rank - 1 ? 1 : place + 1;
    }

    /** The place in memory of a logical axis. */
    int place(int axis, int rank) {
        if (this == PLAIN || axis == 0) {
            return axis;
        }
        return axis == 1 ? rank - 1 : axis - 1;
    }

    /** How memory in this layout is transposed into another: of each place, the place it comes from. */
    int[] permutationTo(Layout other, int rank) {
        int[] permutation = new int[rank];
        for (int i = 0; i < rank; i++) {
            permutation[i] = place(other.logical(i, rank), rank);
        }
        return permutation;
    }

    /** Sizes in the order of memory. */
    int[] inMemory(int[] logicalShape) {
        int[] shape = new int[logicalShape.length];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = logicalShape[logical(i, shape.length)];
        }
        return shape;
    }

    /** Sizes in the order of ONNX. */
    int[] logicalShape(int[] memoryShape) {
        int[] shape = new int[memoryShape.length];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = memoryShape[place(i, shape.length)];
        }
        return shape;
    }
}

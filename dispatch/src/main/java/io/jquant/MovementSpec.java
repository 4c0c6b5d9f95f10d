// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/** Elements brought to other places, their values untouched. */
public sealed interface MovementSpec {
    /** {@return bytes of an element: 1, 2, 4 or 8} */
    int elementBytes();

    /**
     * The last axis, seen as {@code [groups][channels / groups]}, transposed.
     *
     * @param elementBytes bytes of an element: 1, 2, 4 or 8
     * @param groups the groups, at least 1; divides the last axis
     */
    record ChannelShuffle(int elementBytes, int groups) implements MovementSpec {
        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if one is not as said
         */
        public ChannelShuffle {
            requireElement(elementBytes);
            Require.positive("groups", groups);
        }
    }

    /**
     * Every axis lengthened at both ends by a constant.
     *
     * @param elementBytes bytes of an element: 1, 2, 4 or 8
     * @param begin elements added before, one number for every axis, 0 or more
     * @param end elements added after, one number for every axis, 0 or more
     * @param value the constant's bits, the low {@code elementBytes} bytes; for quantized tensors the zero point
     */
    record Pad(int elementBytes, ImmutableInts begin, ImmutableInts end, long value) implements MovementSpec {
        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if one is not as said
         */
        public Pad {
            requireElement(elementBytes);
            Require.notNull("begin", begin);
            Require.notNull("end", end);
            Require.that(begin.length() == end.length(), "end.length", end.length(), "begin's, " + begin.length());
            for (int axis = 0; axis < begin.length(); axis++) {
                Require.notNegative("begin[" + axis + "]", begin.get(axis));
                Require.notNegative("end[" + axis + "]", end.get(axis));
            }
        }
    }

    /**
     * Axes in another order: the output's axis {@code i} is the input's axis {@code permutation[i]}.
     *
     * @param elementBytes bytes of an element: 1, 2, 4 or 8
     * @param permutation every axis once
     */
    record Transpose(int elementBytes, ImmutableInts permutation) implements MovementSpec {
        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if one is not as said
         */
        public Transpose {
            requireElement(elementBytes);
            Require.notNull("permutation", permutation);
            boolean[] seen = new boolean[permutation.length()];
            for (int i = 0; i < seen.length; i++) {
                int axis = permutation.get(i);
                Require.that(axis >= 0 && axis < seen.length && !seen[axis], "permutation", permutation,
                        "every axis once");
                seen[axis] = true;
            }
        }
    }

    private static void requireElement(int bytes) {
        Require.that(bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8, "elementBytes", bytes, "1, 2, 4 or 8");
    }

    /**
     * The output's shape.
     *
     * @param shape the input's shape, every size 0 or more; of a channel shuffle, at least one axis
     * @return the output's shape
     * @throws IllegalArgumentException if the movement is not one of such a shape
     */
    default int[] outputShape(int... shape) {
        Broadcast.elements("input", shape);
        int[] output = shape.clone();
        switch (this) {
            case ChannelShuffle shuffle -> {
                Require.positive("shape.length", shape.length);
                int channels = shape[shape.length - 1];
                Require.that(channels % shuffle.groups() == 0, "channels", channels,
                        "a multiple of groups, " + shuffle.groups());
            }
            case Pad pad -> {
                Require.that(shape.length == pad.begin().length(), "shape.length", shape.length,
                        "the padding's, " + pad.begin().length());
                for (int i = 0; i < output.length; i++) {
                    long size = (long) shape[i] + pad.begin().get(i) + pad.end().get(i);
                    if (size > Integer.MAX_VALUE) {
                        throw Require.failure("padded shape[" + i + "]", size, "below 2^31");
                    }
                    output[i] = (int) size;
                }
            }
            case Transpose transpose -> {
                Require.that(shape.length == transpose.permutation().length(), "shape.length", shape.length,
                        "the permutation's, " + transpose.permutation().length());
                for (int i = 0; i < output.length; i++) {
                    output[i] = shape[transpose.permutation().get(i)];
                }
            }
        }
        return output;
    }
}

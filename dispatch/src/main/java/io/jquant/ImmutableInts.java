// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import java.util.Arrays;

/** An array of ints that nobody can change. */
public final class ImmutableInts {
    private final int[] values;

    /**
     * Copies an array.
     *
     * @param values the values
     */
    public ImmutableInts(int... values) {
        this.values = Require.notNull("values", values).clone();
    }

    /** {@return the number of values} */
    public int length() {
        return values.length;
    }

    /**
     * One value.
     *
     * @param index where, 0 or more and below the length
     * @return the value
     * @throws IllegalArgumentException if there is no such value
     */
    public int get(int index) {
        if (index < 0 || index >= values.length) {
            throw Require.failure("index", index, "0 or more and below " + values.length);
        }
        return values[index];
    }

    /** {@return a copy of the values} */
    public int[] toArray() {
        return values.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ImmutableInts that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return Arrays.toString(values);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph;

/**
 * One dimension of a shape: a number, a named symbol such as {@code batch}, or unknown.
 *
 * @param value the size, or -1 if it is not known
 * @param symbol the symbol's name, empty for a number and for an unknown size
 */
public record Dim(long value, String symbol) {
    /** A size about which nothing is known. */
    public static final Dim UNKNOWN = new Dim(-1, "");

    /** Checks the components. */
    public Dim {
        if (symbol == null) {
            throw new IllegalArgumentException("symbol = null: must be a name, or empty");
        }
        if (value < -1 || (value >= 0 && !symbol.isEmpty())) {
            throw new IllegalArgumentException("value = " + value + ", symbol = " + symbol
                    + ": must be a size of 0 or more, or -1 and a name");
        }
    }

    /**
     * A known size.
     *
     * @param value the size, at least 0
     * @return the dimension
     */
    public static Dim of(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("value = " + value + ": must be 0 or more");
        }
        return new Dim(value, "");
    }

    /**
     * A named size.
     *
     * @param name the symbol, not empty
     * @return the dimension
     */
    public static Dim symbol(String name) {
        if (name == null || name.isEmpty()) {
            throw new IllegalArgumentException("name = " + name + ": must be a name");
        }
        return new Dim(-1, name);
    }

    /** {@return whether the size is a number} */
    public boolean isKnown() {
        return value >= 0;
    }

    /**
     * Whether this and another dimension can only be the same size.
     *
     * @param other the other one
     * @return true for equal numbers and for equal symbols
     */
    public boolean sameAs(Dim other) {
        return equals(other) && (isKnown() || !symbol.isEmpty());
    }

    @Override
    public String toString() {
        return isKnown() ? Long.toString(value) : symbol.isEmpty() ? "?" : symbol;
    }
}

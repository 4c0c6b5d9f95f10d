// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

/**
 * Sizes of the data caches that the first core sees, in bytes, 0 where unknown or absent.
 *
 * @param l1d level 1, data
 * @param l2 level 2
 * @param l3 level 3
 */
public record CacheSizes(long l1d, long l2, long l3) {
    /** Nothing known. */
    public static final CacheSizes UNKNOWN = new CacheSizes(0, 0, 0);

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if a size is negative
     */
    public CacheSizes {
        check("l1d", l1d);
        check("l2", l2);
        check("l3", l3);
    }

    /**
     * Fills what is unknown here from another answer.
     *
     * @param other the other answer
     * @return sizes known to either, this one's first
     */
    CacheSizes orElse(CacheSizes other) {
        return new CacheSizes(l1d > 0 ? l1d : other.l1d, l2 > 0 ? l2 : other.l2, l3 > 0 ? l3 : other.l3);
    }

    private static void check(String name, long size) {
        if (size < 0) {
            throw new IllegalArgumentException(name + " = " + size + ": must be 0 or more");
        }
    }
}

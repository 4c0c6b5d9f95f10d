// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

/**
 * Bounds on bytes.
 *
 * @param low the smallest
 * @param high the largest
 * @param signed whether bytes are s8, and not u8
 */
public record ByteBounds(int low, int high, boolean signed) {
    /**
     * The bounds that a table means.
     *
     * @param table the output for each of the 256 inputs as u8
     * @return its bounds; null if it does anything else
     */
    public static ByteBounds of(byte[] table) {
        ByteBounds bounds = of(table, true);
        return bounds == null ? of(table, false) : bounds;
    }

    private static ByteBounds of(byte[] table, boolean signed) {
        int least = value(table[signed ? 0x80 : 0], signed);
        int most = value(table[signed ? 0x7F : 0xFF], signed);
        for (int i = 0; i < table.length; i++) {
            if (least > most || value(table[i], signed) != Math.clamp(value((byte) i, signed), least, most)) {
                return null;
            }
        }
        return new ByteBounds(least, most, signed);
    }

    private static int value(byte stored, boolean signed) {
        return signed ? stored : Byte.toUnsignedInt(stored);
    }
}

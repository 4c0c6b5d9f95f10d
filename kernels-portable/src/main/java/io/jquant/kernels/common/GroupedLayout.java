// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

/**
 * How the operands of a grouped layer lie for its kernels.
 *
 * <p>Weights are in panels of some columns. A panel has a record for every group: first, for every eight terms and
 * every column, four bytes, whose low halves are the first four terms and whose high halves the next four; then the
 * columns' scales, f32 or f16; then, if there are any, their zero points, u16.
 *
 * <p>A row of the input has a record for every group: the terms as s8; then the scale, f32; then an s32, where zero
 * points are given the negated sum of the terms, and otherwise that times 8, which the sums begin with.
 *
 * @param columns columns of a panel
 * @param groupSize terms of a group
 * @param groups groups of a row
 * @param zeroPoints whether zero points are given
 * @param halves whether scales are f16
 */
public record GroupedLayout(int columns, int groupSize, int groups, boolean zeroPoints, boolean halves) {
    /** Terms that eight halves of bytes hold. */
    public static final int UNIT = 8;
    /** The zero point of groups that are not given one. */
    static final int ZERO_POINT = 8;

    /** {@return bytes of the integers of a panel's group, which is where its scales begin} */
    public int integerBytes() {
        return groupSize / 2 * columns;
    }

    /** {@return where the zero points of a panel's group begin} */
    public int zeroPointOffset() {
        return integerBytes() + columns * (halves ? Short.BYTES : Float.BYTES);
    }

    /** {@return bytes of a panel's group} */
    public int recordBytes() {
        return zeroPointOffset() + (zeroPoints ? columns * Short.BYTES : 0);
    }

    /** {@return bytes of a panel} */
    public long panelBytes() {
        return (long) recordBytes() * groups;
    }

    /** {@return bytes of a row's group} */
    public int rowRecordBytes() {
        return groupSize + Float.BYTES + Integer.BYTES;
    }

    /** {@return bytes of a row} */
    public long rowBytes() {
        return (long) rowRecordBytes() * groups;
    }
}

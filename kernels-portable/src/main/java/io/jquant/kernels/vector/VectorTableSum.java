// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.WIDE;
import static io.jquant.kernels.vector.Lanes.WIDE_LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.BinarySpec;
import io.jquant.DataType;
import io.jquant.kernels.common.Stage;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Sums and differences by {@link SumTables}, 64 pairs at a time, where {@link VectorSum} makes four vectors of floats
 * of each operand. The loops call nothing but the Vector API, as its do.
 */
final class VectorTableSum extends VectorPair {
    private final SumTables tables;
    private final byte low;
    private final byte high;
    private final boolean bounded;
    /** Makes sums what the type has. */
    private final byte flip;

    private VectorTableSum(BinarySpec spec, SumTables tables) {
        this.tables = tables;
        DataType type = spec.output().type();
        flip = tables.signed == (type == DataType.S8) ? 0 : Byte.MIN_VALUE;
        int least = spec.activation().quantizedMin(spec.output());
        int most = spec.activation().quantizedMax(spec.output());
        low = (byte) (least ^ flip);
        high = (byte) (most ^ flip);
        bounded = least > type.min() || most < type.max();
    }

    /** {@return a kernel; null where there are no tables, or none are wanted: see {@link VectorTable#fits}} */
    static VectorPair of(BinarySpec spec) {
        SumTables tables = VectorTable.fits() ? SumTables.of(spec) : null;
        return tables == null ? null : new VectorTableSum(spec, tables);
    }

    @Override
    void arrays(byte[] left, int leftAt, byte[] right, int rightAt, byte[] output, int outputAt, int count,
            Stage stage) {
        ByteVector left0 = ByteVector.fromArray(WIDE, tables.left, 0);
        ByteVector left1 = ByteVector.fromArray(WIDE, tables.left, 64);
        ByteVector left2 = ByteVector.fromArray(WIDE, tables.left, 128);
        ByteVector left3 = ByteVector.fromArray(WIDE, tables.left, 192);
        ByteVector cuts0 = ByteVector.fromArray(WIDE, tables.cuts, 0);
        ByteVector cuts1 = ByteVector.fromArray(WIDE, tables.cuts, 64);
        ByteVector cuts2 = ByteVector.fromArray(WIDE, tables.cuts, 128);
        ByteVector cuts3 = ByteVector.fromArray(WIDE, tables.cuts, 192);
        ByteVector right0 = ByteVector.fromArray(WIDE, tables.right, 0);
        ByteVector right1 = ByteVector.fromArray(WIDE, tables.right, 64);
        ByteVector right2 = ByteVector.fromArray(WIDE, tables.right, 128);
        ByteVector right3 = ByteVector.fromArray(WIDE, tables.right, 192);
        ByteVector ranks0 = ByteVector.fromArray(WIDE, tables.ranks, 0);
        ByteVector ranks1 = ByteVector.fromArray(WIDE, tables.ranks, 64);
        ByteVector ranks2 = ByteVector.fromArray(WIDE, tables.ranks, 128);
        ByteVector ranks3 = ByteVector.fromArray(WIDE, tables.ranks, 192);
        ByteVector atLeast = ByteVector.broadcast(WIDE, low);
        ByteVector atMost = ByteVector.broadcast(WIDE, high);
        ByteVector sign = ByteVector.broadcast(WIDE, flip);
        ByteVector one = ByteVector.broadcast(WIDE, (byte) 1);
        boolean signed = tables.signed;
        boolean bounds = bounded;
        boolean flips = flip != 0;
        for (int i = 0; i < count; i += WIDE_LANES) {
            ByteVector a = ByteVector.fromArray(WIDE, left, leftAt + i);
            ByteVector b = ByteVector.fromArray(WIDE, right, rightAt + i);
            ByteVector indexA = a.and(Byte.MAX_VALUE);
            ByteVector indexB = b.and(Byte.MAX_VALUE);
            VectorMask<Byte> upperA = a.compare(VectorOperators.LT, (byte) 0);
            VectorMask<Byte> upperB = b.compare(VectorOperators.LT, (byte) 0);
            ByteVector cut = indexA.selectFrom(cuts0, cuts1).blend(indexA.selectFrom(cuts2, cuts3), upperA);
            ByteVector rank = indexB.selectFrom(ranks0, ranks1).blend(indexB.selectFrom(ranks2, ranks3), upperB);
            ByteVector wholeA = indexA.selectFrom(left0, left1).blend(indexA.selectFrom(left2, left3), upperA)
                    .add(one, rank.compare(VectorOperators.UGT, cut));
            ByteVector wholeB = indexB.selectFrom(right0, right1).blend(indexB.selectFrom(right2, right3), upperB);
            ByteVector sum;
            if (signed) {
                sum = wholeA.lanewise(VectorOperators.SADD, wholeB);
                sum = bounds ? sum.max(atLeast).min(atMost) : sum;
            } else {
                sum = wholeA.lanewise(VectorOperators.SUADD, wholeB);
                sum = bounds ? sum.lanewise(VectorOperators.UMAX, atLeast).lanewise(VectorOperators.UMIN, atMost) : sum;
            }
            (flips ? sum.lanewise(VectorOperators.XOR, sign) : sum)
                    .intoArray(output, outputAt + i);
        }
    }

    @Override
    void memory(MemorySegment left, long leftOffset, MemorySegment right, long rightOffset, MemorySegment output,
            long outputOffset, int count, Stage stage) {
        MemorySegment x = Backing.outside(left);
        MemorySegment w = Backing.outside(right);
        MemorySegment to = Backing.outside(output);
        ByteVector left0 = ByteVector.fromArray(WIDE, tables.left, 0);
        ByteVector left1 = ByteVector.fromArray(WIDE, tables.left, 64);
        ByteVector left2 = ByteVector.fromArray(WIDE, tables.left, 128);
        ByteVector left3 = ByteVector.fromArray(WIDE, tables.left, 192);
        ByteVector cuts0 = ByteVector.fromArray(WIDE, tables.cuts, 0);
        ByteVector cuts1 = ByteVector.fromArray(WIDE, tables.cuts, 64);
        ByteVector cuts2 = ByteVector.fromArray(WIDE, tables.cuts, 128);
        ByteVector cuts3 = ByteVector.fromArray(WIDE, tables.cuts, 192);
        ByteVector right0 = ByteVector.fromArray(WIDE, tables.right, 0);
        ByteVector right1 = ByteVector.fromArray(WIDE, tables.right, 64);
        ByteVector right2 = ByteVector.fromArray(WIDE, tables.right, 128);
        ByteVector right3 = ByteVector.fromArray(WIDE, tables.right, 192);
        ByteVector ranks0 = ByteVector.fromArray(WIDE, tables.ranks, 0);
        ByteVector ranks1 = ByteVector.fromArray(WIDE, tables.ranks, 64);
        ByteVector ranks2 = ByteVector.fromArray(WIDE, tables.ranks, 128);
        ByteVector ranks3 = ByteVector.fromArray(WIDE, tables.ranks, 192);
        ByteVector atLeast = ByteVector.broadcast(WIDE, low);
        ByteVector atMost = ByteVector.broadcast(WIDE, high);
        ByteVector sign = ByteVector.broadcast(WIDE, flip);
        ByteVector one = ByteVector.broadcast(WIDE, (byte) 1);
        boolean signed = tables.signed;
        boolean bounds = bounded;
        boolean flips = flip != 0;
        for (int i = 0; i < count; i += WIDE_LANES) {
            ByteVector a = ByteVector.fromMemorySegment(WIDE, x, leftOffset + i, LITTLE_ENDIAN);
            ByteVector b = ByteVector.fromMemorySegment(WIDE, w, rightOffset + i, LITTLE_ENDIAN);
            ByteVector indexA = a.and(Byte.MAX_VALUE);
            ByteVector indexB = b.and(Byte.MAX_VALUE);
            VectorMask<Byte> upperA = a.compare(VectorOperators.LT, (byte) 0);
            VectorMask<Byte> upperB = b.compare(VectorOperators.LT, (byte) 0);
            ByteVector cut = indexA.selectFrom(cuts0, cuts1).blend(indexA.selectFrom(cuts2, cuts3), upperA);
            ByteVector rank = indexB.selectFrom(ranks0, ranks1).blend(indexB.selectFrom(ranks2, ranks3), upperB);
            ByteVector wholeA = indexA.selectFrom(left0, left1).blend(indexA.selectFrom(left2, left3), upperA)
                    .add(one, rank.compare(VectorOperators.UGT, cut));
            ByteVector wholeB = indexB.selectFrom(right0, right1).blend(indexB.selectFrom(right2, right3), upperB);
            ByteVector sum;
            if (signed) {
                sum = wholeA.lanewise(VectorOperators.SADD, wholeB);
                sum = bounds ? sum.max(atLeast).min(atMost) : sum;
            } else {
                sum = wholeA.lanewise(VectorOperators.SUADD, wholeB);
                sum = bounds ? sum.lanewise(VectorOperators.UMAX, atLeast).lanewise(VectorOperators.UMIN, atMost) : sum;
            }
            (flips ? sum.lanewise(VectorOperators.XOR, sign) : sum)
                    .intoMemorySegment(to, outputOffset + i, LITTLE_ENDIAN);
        }
    }
}

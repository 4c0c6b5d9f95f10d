// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.WIDE;
import static io.jquant.kernels.vector.Lanes.WIDE_LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.BinarySpec;
import io.jquant.cpu.CpuFeature;
import io.jquant.cpu.CpuInfo;
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
    /** Makes results without sign what the type has. */
    private final byte flip;

    private VectorTableSum(BinarySpec spec, SumTables tables) {
        this.tables = tables;
        flip = Lanes.flip(spec.output().type());
        int first = spec.output().type().min();
        low = (byte) (spec.activation().quantizedMin(spec.output()) - first);
        high = (byte) (spec.activation().quantizedMax(spec.output()) - first);
    }

    /** {@return a kernel; null where there are no tables, or this CPU has no permutation of bytes of two registers} */
    static VectorPair of(BinarySpec spec) {
        if (WIDE.vectorBitSize() != VectorTable.BITS
                || !CpuInfo.current().features().contains(CpuFeature.AVX512_VBMI)) {
            return null;
        }
        SumTables tables = SumTables.of(spec);
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
        ByteVector offset = ByteVector.broadcast(WIDE, (byte) tables.offset);
        ByteVector atLeast = ByteVector.broadcast(WIDE, low);
        ByteVector atMost = ByteVector.broadcast(WIDE, high);
        ByteVector sign = ByteVector.broadcast(WIDE, flip);
        ByteVector one = ByteVector.broadcast(WIDE, (byte) 1);
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
            wholeA.lanewise(VectorOperators.SUADD, wholeB.lanewise(VectorOperators.SUSUB, offset))
                    .lanewise(VectorOperators.SUSUB, offset.lanewise(VectorOperators.SUSUB, wholeB))
                    .lanewise(VectorOperators.UMAX, atLeast).lanewise(VectorOperators.UMIN, atMost)
                    .lanewise(VectorOperators.XOR, sign)
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
        ByteVector offset = ByteVector.broadcast(WIDE, (byte) tables.offset);
        ByteVector atLeast = ByteVector.broadcast(WIDE, low);
        ByteVector atMost = ByteVector.broadcast(WIDE, high);
        ByteVector sign = ByteVector.broadcast(WIDE, flip);
        ByteVector one = ByteVector.broadcast(WIDE, (byte) 1);
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
            wholeA.lanewise(VectorOperators.SUADD, wholeB.lanewise(VectorOperators.SUSUB, offset))
                    .lanewise(VectorOperators.SUSUB, offset.lanewise(VectorOperators.SUSUB, wholeB))
                    .lanewise(VectorOperators.UMAX, atLeast).lanewise(VectorOperators.UMIN, atMost)
                    .lanewise(VectorOperators.XOR, sign)
                    .intoMemorySegment(to, outputOffset + i, LITTLE_ENDIAN);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.jquant.Bias;
import io.jquant.GroupedLinearSpec;
import io.jquant.spi.PackedImage;
import java.lang.foreign.MemorySegment;

/** Weights of a grouped layer, in panels for a kernel, with the biases of all columns behind them. */
public final class GroupedWeights implements AutoCloseable {
    private static final String HALVES = ", halves";

    private final GroupedLinearSpec spec;
    private final GroupedLayout layout;
    private final int panels;
    private final OffHeap memory;
    private final String image;

    /** Packs weights; what is packed already stays where it is. */
    GroupedWeights(GroupedLinearSpec spec, GroupedKernel kernel, Weights from, Bias bias) {
        this.spec = spec;
        boolean halves = from.isPacked() ? from.layout().endsWith(HALVES) : areHalves(spec, from.given());
        layout = new GroupedLayout(kernel.columns(), spec.groupSize(), spec.groups(), spec.zeroPoints(),
                kernel.readsHalves() && halves);
        panels = Math.ceilDiv(spec.outFeatures(), layout.columns());
        image = "grouped1 " + layout.columns() + (layout.halves() ? HALVES : "");
        memory = from.memory(image, panels * (layout.panelBytes() + layout.columns() * (long) Float.BYTES));
        if (!from.isPacked()) {
            pack(from.given(), bias);
        }
    }

    private void pack(MemorySegment from, Bias bias) {
        for (int column = 0; column < spec.outFeatures(); column++) {
            for (int group = 0; group < layout.groups(); group++) {
                pack(from, column, group);
            }
            segment().set(JAVA_FLOAT, biasOffset(0) + (long) column * Float.BYTES,
                    bias instanceof Bias.Real real ? real.values().get(column) : 0);
        }
    }

    /** Whether every scale is one of binary16. */
    private static boolean areHalves(GroupedLinearSpec spec, MemorySegment from) {
        for (long at = spec.scaleOffset(); at < spec.zeroPointOffset(); at += Float.BYTES) {
            float scale = from.get(JAVA_FLOAT_UNALIGNED, at);
            if (Float.float16ToFloat(Float.floatToFloat16(scale)) != scale) {
                return false;
            }
        }
        return true;
    }

    private void pack(MemorySegment from, int column, int group) {
        MemorySegment to = segment();
        long given = givenGroup(column, group) * (layout.groupSize() / 2);
        long record = record(column, group);
        int lane = column % layout.columns();
        for (int i = 0; i < layout.groupSize(); i += GroupedLayout.UNIT) {
            for (int j = 0; j < GroupedLayout.UNIT / 2; j++) {
                int low = nibble(from, given, i + j);
                int high = nibble(from, given, i + j + GroupedLayout.UNIT / 2);
                to.set(JAVA_BYTE, integers(record, lane, i) + j, (byte) (low | high << 4));
            }
        }
        float scale = from.get(JAVA_FLOAT_UNALIGNED, spec.scaleOffset() + givenGroup(column, group) * Float.BYTES);
        if (layout.halves()) {
            to.set(JAVA_SHORT, scale(record, lane), Float.floatToFloat16(scale));
        } else {
            to.set(JAVA_FLOAT, scale(record, lane), scale);
        }
        if (layout.zeroPoints()) {
            to.set(JAVA_SHORT, zeroPoint(record, lane), (short) nibble(from, givenZeroPoints(column), group));
        }
    }

    private long givenGroup(int column, int group) {
        return (long) column * layout.groups() + group;
    }

    private long givenZeroPoints(int column) {
        return spec.zeroPointOffset() + (long) column * Math.ceilDiv(layout.groups(), 2);
    }

    private static int nibble(MemorySegment from, long offset, int index) {
        return from.get(JAVA_BYTE, offset + index / 2) >> (index % 2 * 4) & 0xF;
    }

    private long record(int column, int group) {
        return panelOffset(column / layout.columns()) + (long) group * layout.recordBytes();
    }

    private long integers(long record, int lane, int term) {
        return record + (long) (term / GroupedLayout.UNIT * layout.columns() + lane) * (GroupedLayout.UNIT / 2);
    }

    private long scale(long record, int lane) {
        return record + layout.integerBytes() + (long) lane * (layout.halves() ? Short.BYTES : Float.BYTES);
    }

    private long zeroPoint(long record, int lane) {
        return record + layout.zeroPointOffset() + (long) lane * Short.BYTES;
    }

    /** Gives the weights back as they came. */
    void unpack(MemorySegment to) {
        to.asSlice(0, spec.weightBytes()).fill((byte) 0);
        for (int column = 0; column < spec.outFeatures(); column++) {
            for (int group = 0; group < layout.groups(); group++) {
                unpack(to, column, group);
            }
        }
    }

    private void unpack(MemorySegment to, int column, int group) {
        MemorySegment from = segment();
        long given = givenGroup(column, group) * (layout.groupSize() / 2);
        long record = record(column, group);
        int lane = column % layout.columns();
        for (int i = 0; i < layout.groupSize(); i++) {
            int in = i % GroupedLayout.UNIT;
            int both = from.get(JAVA_BYTE, integers(record, lane, i) + in % (GroupedLayout.UNIT / 2));
            put(to, given, i, both >> (in / (GroupedLayout.UNIT / 2) * 4) & 0xF);
        }
        to.set(JAVA_FLOAT_UNALIGNED, spec.scaleOffset() + givenGroup(column, group) * Float.BYTES, layout.halves()
                ? Float.float16ToFloat(from.get(JAVA_SHORT, scale(record, lane)))
                : from.get(JAVA_FLOAT, scale(record, lane)));
        if (layout.zeroPoints()) {
            put(to, givenZeroPoints(column), group, from.get(JAVA_SHORT, zeroPoint(record, lane)));
        }
    }

    private static void put(MemorySegment to, long offset, int index, int nibble) {
        long at = offset + index / 2;
        to.set(JAVA_BYTE, at, (byte) (to.get(JAVA_BYTE, at) | nibble << (index % 2 * 4)));
    }

    /** The weights as they are packed, with the biases. */
    PackedImage image() {
        return new PackedImage(image, segment().asReadOnly());
    }

    /** {@return how weights and rows lie} */
    public GroupedLayout layout() {
        return layout;
    }

    /** {@return panels} */
    public int panels() {
        return panels;
    }

    /** {@return columns of the matrix, without those that fill up the last panel} */
    int columns() {
        return spec.outFeatures();
    }

    /** {@return the memory of panels and biases, 64-byte aligned} */
    public MemorySegment segment() {
        return memory.segment();
    }

    /**
     * Where a panel begins.
     *
     * @param panel the panel
     * @return bytes from the beginning of the segment
     */
    public long panelOffset(int panel) {
        return panel * layout.panelBytes();
    }

    /**
     * Where the biases of a panel's columns begin, f32.
     *
     * @param panel the panel
     * @return bytes from the beginning of the segment
     */
    public long biasOffset(int panel) {
        return panelOffset(panels) + (long) panel * layout.columns() * Float.BYTES;
    }

    @Override
    public void close() {
        memory.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.spi.PackedImage;
import java.lang.foreign.MemorySegment;
import java.util.function.UnaryOperator;

/** Weights on their way to an operator: as they were given, or as one of the same layout has packed them before. */
final class Weights {
    private final MemorySegment given;
    private final PackedImage image;
    private final Runnable release;

    private Weights(MemorySegment given, PackedImage image, Runnable release) {
        this.given = given;
        this.image = image;
        this.release = release;
    }

    static Weights given(MemorySegment weights) {
        return new Weights(weights, null, null);
    }

    /** What was packed, and what to run when it is no longer read. */
    static Weights packed(PackedImage image, Runnable release) {
        return new Weights(null, image, release);
    }

    boolean isPacked() {
        return image != null;
    }

    /** The weights as they were given; null if they are packed. */
    MemorySegment given() {
        return given;
    }

    /** The layout of what is packed. */
    String layout() {
        return image.layout();
    }

    /** Weights that are not packed in another order. */
    Weights map(UnaryOperator<MemorySegment> change) {
        return isPacked() ? this : given(change.apply(given));
    }

    /**
     * Memory for the packed weights, or that in which they lie.
     *
     * @param layout says what lies where; its first word is to change whenever that does
     * @param bytes the size
     * @throws IllegalArgumentException if what is packed has another layout or size
     */
    OffHeap memory(String layout, long bytes) {
        if (image == null) {
            return new OffHeap(bytes);
        }
        MemorySegment memory = image.memory();
        if (!image.layout().equals(layout) || memory.byteSize() != bytes || !memory.isNative()
                || memory.address() % OffHeap.ALIGNMENT != 0) {
            throw new IllegalArgumentException("packed weights = " + image.layout() + ", " + memory.byteSize()
                    + " bytes: must be " + layout + ", " + bytes + " bytes, outside the heap and aligned");
        }
        return new OffHeap(memory, release);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jquant.DataType;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class TensorTest {
    private static void assertRefused(String message, Runnable action) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }

    @Test
    void countsAsFarAsArraysReach() {
        assertEquals(1, Tensor.count(new long[0]));
        assertEquals(Tensor.MAX_ELEMENTS, Tensor.count(1, Tensor.MAX_ELEMENTS));
        assertEquals(0, Tensor.count(Tensor.MAX_ELEMENTS, Tensor.MAX_ELEMENTS, Tensor.MAX_ELEMENTS, 0));
        assertRefused("shape = [65536, 65536]: must have at most 2147483639 elements",
                () -> Tensor.count(1 << 16, 1 << 16));
        assertRefused("shape = [2147483639, 2147483639, 2147483639]: must have at most 2147483639 elements",
                () -> Tensor.count(Tensor.MAX_ELEMENTS, Tensor.MAX_ELEMENTS, Tensor.MAX_ELEMENTS));
    }

    @Test
    void sizesThatNoIntHoldsAreRefusedOfEmptyTensorsToo() {
        assertRefused("shape = [0, 4294967297]: sizes must be 0 to 2147483639",
                () -> Tensor.allocate(DataType.F32, 0, (1L << 32) + 1));
        assertRefused("shape = [-1]: sizes must be 0 to 2147483639", () -> Tensor.allocate(DataType.F32, -1));
    }

    @Test
    void elementsElsewhereAreReadAndNotSet() {
        byte[] bytes = {1, -2, 3};
        Tensor view = Tensor.view(DataType.S8, MemorySegment.ofArray(bytes), 3);
        assertArrayEquals(new long[] {1, -2, 3}, view.toLongs());
        assertThrows(IllegalStateException.class, () -> view.setLong(0, 5));
        assertThrows(IllegalStateException.class, () -> view.reshape(1, 3).setDouble(0, 5));
        Tensor floats = Tensor.view(DataType.F8E5M2, MemorySegment.ofArray(bytes), 3);
        assertThrows(IllegalStateException.class, () -> floats.setFloat8(0, 5, true));
        assertArrayEquals(new byte[] {1, -2, 3}, bytes);
    }
}

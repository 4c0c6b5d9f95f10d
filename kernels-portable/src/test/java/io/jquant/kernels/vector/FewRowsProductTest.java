// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.kernels.common.GemmBlock;
import io.jquant.kernels.common.PackedMatrix;
import io.jquant.kernels.common.Tile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class FewRowsProductTest {
    private static final Tile TILE = new Tile(4, 16, 4, 16);
    private static final int DEPTH = 32;

    /** A dynamic layer tells its product of the weights by an object of each call's own. */
    @Test
    void takesItsWeightsWhateverObjectSaysWhereTheyAre() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(2 * PackedMatrix.bytes(TILE, DEPTH, TILE.columns()), 64);
            FewRowsProduct product = new FewRowsProduct(null, matrix(memory, 0));
            GemmBlock block = new GemmBlock();
            block.rows = 1;
            block.b = matrix(memory, 0);
            assertTrue(product.takes(block));
            block.rows = FewRows.MOST + 1;
            assertFalse(product.takes(block), "rows");
            block.rows = 1;
            block.b = matrix(memory, (long) DEPTH * TILE.columns());
            assertFalse(product.takes(block), "behind");
            block.b = matrix(arena.allocate(memory.byteSize(), 64), 0);
            assertFalse(product.takes(block), "elsewhere");
        }
    }

    private static PackedMatrix matrix(MemorySegment memory, long at) {
        return new PackedMatrix().place(TILE, DEPTH, TILE.columns(), memory, at);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/**
 * Sums of rows of a table whose rows carry their own scale and bias: {@code real = scale * quantized + bias}.
 *
 * <p>A row of 8-bit values is {@code dimension} bytes, then scale and bias as f32; of 4-bit values
 * {@code ceil(dimension / 2)} bytes, the first value in the low half, then scale and bias as f16 (the fused rowwise
 * formats of FBGEMM). Scale and bias are little-endian.
 *
 * @param bits 8 or 4
 * @param rows rows of the table, at least 1
 * @param dimension values of a row, at least 1
 * @param mean whether bags are divided by the number of their indices
 */
public record EmbeddingBagSpec(int bits, long rows, int dimension, boolean mean) implements PackedSpec {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is not as said
     */
    public EmbeddingBagSpec {
        Require.that(bits == 8 || bits == 4, "bits", bits, "8 or 4");
        Require.that(rows >= 1, "rows", rows, "at least 1");
        Require.positive("dimension", dimension);
    }

    /** {@return bytes of a row, with its scale and bias} */
    public long rowBytes() {
        return bits == 8 ? dimension + 8L : (dimension + 1L) / 2 + 4;
    }

    @Override
    public long weightBytes() {
        return Require.product("table", rows, rowBytes());
    }
}

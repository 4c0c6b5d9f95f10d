// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.Activation;
import io.jquant.BinarySpec;
import io.jquant.BinarySpec.Function;
import io.jquant.DataType;
import io.jquant.QuantizationParameters;
import io.jquant.kernels.portable.Affine;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SumTablesTest {
    private static final int SPECS = 400;

    @Test
    void everyPairOfRandomSpecs() {
        int found = 0;
        for (int seed = 0; seed < SPECS; seed++) {
            Random random = new Random(seed);
            BinarySpec spec = random(random);
            SumTables tables = SumTables.of(spec);
            if (tables != null) {
                found++;
                compareEveryPair(spec, tables, "seed " + seed);
            }
        }
        // scales that are far apart and zero points at the ends have none
        assertTrue(found > SPECS / 2, found + " of " + SPECS);
    }

    @Test
    void tiesThatTheDefinitionParts() {
        // (a + b) / 2: 0.5 and 2.5 go down, 1.5 goes up
        assertNull(SumTables.of(sum(1, 1, 2)));
        // a quarter of a, and b: no two of the fractions make a tie but 0.5, which meets even and odd
        assertNull(SumTables.of(sum(0.25f, 1, 1)));
    }

    @Test
    void numbersThatHaveNoFractions() {
        SumTables tables = SumTables.of(sum(1, 1, 1));
        assertNotNull(tables);
        compareEveryPair(sum(1, 1, 1), tables, "whole");
    }

    @Test
    void scalesThatAreTooLarge() {
        assertNull(SumTables.of(sum(1.5f, 0.3f, 1)));
        assertNull(SumTables.of(sum(0.3f, 1.5f, 1)));
        assertNull(SumTables.of(sum(1e30f, 1e30f, 1e-5f)));
    }

    private static BinarySpec sum(float left, float right, float output) {
        return new BinarySpec(Function.ADD, Activation.NONE, parameters(DataType.U8, left, 0),
                parameters(DataType.U8, right, 0), parameters(DataType.U8, output, 0));
    }

    private static BinarySpec random(Random random) {
        float left = 0.01f + random.nextFloat();
        // every fourth one has a scale that is a simple part of the other, and so fractions that are the same
        float right = random.nextInt(4) == 0 ? left * (1 + random.nextInt(8)) / 8 : left * (0.5f + random.nextFloat());
        float output = Math.max(left, right) * (1 + 0.8f * random.nextFloat());
        Function function = random.nextBoolean() ? Function.ADD : Function.SUBTRACT;
        Activation activation = random.nextBoolean() ? Activation.NONE : Activation.RELU;
        return new BinarySpec(function, activation, parameters(random, left), parameters(random, right),
                parameters(random, output));
    }

    private static QuantizationParameters parameters(Random random, float scale) {
        DataType type = random.nextBoolean() ? DataType.U8 : DataType.S8;
        return parameters(type, scale, type.min() + random.nextInt(256));
    }

    private static QuantizationParameters parameters(DataType type, float scale, int zeroPoint) {
        return QuantizationParameters.perTensor(type, scale, zeroPoint);
    }

    private static void compareEveryPair(BinarySpec spec, SumTables tables, String message) {
        Affine left = Affine.of(spec.left());
        Affine right = Affine.of(spec.right());
        Affine output = Affine.of(spec.output());
        int low = spec.activation().quantizedMin(spec.output());
        int high = spec.activation().quantizedMax(spec.output());
        int first = output.type().min();
        for (int a = 0; a < SumTables.BYTES; a++) {
            float real = left.dequantize(left.integer((byte) a));
            for (int b = 0; b < SumTables.BYTES; b++) {
                float other = right.dequantize(right.integer((byte) b));
                int expected = output.quantize(spec.function() == Function.ADD ? real + other : real - other);
                int carry = unsigned(tables.ranks, b) > unsigned(tables.cuts, a) ? 1 : 0;
                int actual = saturatingSum(tables, a, b, carry) + first;
                if (Math.clamp(expected, low, high) != Math.clamp(actual, low, high)) {
                    assertEquals(Math.clamp(expected, low, high), Math.clamp(actual, low, high),
                            message + ": " + a + " and " + b + " of " + spec);
                }
            }
        }
    }

    /** The sum from 0 on, as the kernel makes it. */
    private static int saturatingSum(SumTables tables, int a, int b, int carry) {
        if (tables.signed) {
            byte left = (byte) (tables.left[a] + carry);
            return Math.clamp(left + tables.right[b], Byte.MIN_VALUE, Byte.MAX_VALUE) - Byte.MIN_VALUE;
        }
        byte left = (byte) (unsigned(tables.left, a) + carry);
        return Math.min(255, Byte.toUnsignedInt(left) + unsigned(tables.right, b));
    }

    private static int unsigned(byte[] table, int index) {
        return Byte.toUnsignedInt(table[index]);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many multiply-adds an instruction does: the quality of the code that can be told without an Arm CPU. */
class InstructionCountTest {
    @ParameterizedTest
    @CsvSource({"DOT, 11", "MATRIX, 18", "WIDENING, 4"})
    void productsOfAnInstruction(Way way, double atLeast) {
        check(InstructionCounts.product(way, 256, 256, 256), atLeast);
        check(InstructionCounts.product(way, 56 * 56, 64, 9 * 64), atLeast);
    }

    /** With the output stage, which takes a third of what a window of nine taps does. */
    @ParameterizedTest
    @CsvSource({"DOT, 2", "MATRIX, 2.1", "WIDENING, 1.5"})
    void depthwiseProductsOfAnInstruction(Way way, double atLeast) {
        check(InstructionCounts.depthwise(way, true, 3, 1, 56, 56, 128), atLeast);
    }

    @ParameterizedTest
    @CsvSource({"true, 4.4, 7", "false, 2.7, 3.4"})
    void productsOfFourBitsOfAnInstruction(boolean hasDot, double ofOneRow, double ofMany) {
        check(InstructionCounts.grouped(hasDot, 1, 1024, 1024), ofOneRow);
        check(InstructionCounts.grouped(hasDot, 60, 1024, 1024), ofMany);
    }

    private static void check(InstructionCounts.Count count, double atLeast) {
        assertTrue(count.ratio() >= atLeast, () -> count + ": at least " + atLeast);
    }
}

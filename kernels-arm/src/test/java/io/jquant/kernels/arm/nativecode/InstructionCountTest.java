// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.DataType;
import io.jquant.kernels.common.CodeStage;
import io.jquant.kernels.common.OutputStage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many multiply-adds an instruction does: the quality of the code that can be told without an Arm CPU. */
class InstructionCountTest {
    @ParameterizedTest
    @CsvSource({"DOT, 11", "MATRIX, 18", "WIDENING, 4"})
    void productsOfAnInstruction(Way way, double atLeast) {
        CodeStage stage = CodeStage.of(new OutputStage(DataType.U8, 3, -3, 252, false, false, null));
        // 256 x 256 x 256, and a 3x3 convolution of 56 x 56 pixels of 64 channels to 64
        report(way, stage, 256, 256, 256, atLeast);
        report(way, stage, 56 * 56, 64, 9 * 64, atLeast);
    }

    private static void report(Way way, CodeStage stage, int rows, int columns, int depth, double atLeast) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment arguments = arena.allocate(ArmArguments.BYTES, 64);
            int tileRows = ArmGemm.writeLoops(arguments, way, rows, depth);
            arguments.set(JAVA_LONG, ArmArguments.PANELS, way.tile().panels(columns));
            arguments.set(JAVA_LONG, ArmArguments.COLUMNS, columns);
            long count = Walker.count(way.code(stage, tileRows).assemble(), arguments);
            double ratio = (double) rows * columns * depth / count;
            System.out.printf("%s %dx%dx%d: %d instructions, %.2f multiply-adds each%n", way, rows, columns, depth,
                    count, ratio);
            assertTrue(ratio >= atLeast, way + ": " + ratio + " multiply-adds an instruction");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

import static io.jquant.codegen.arm64.GeneralOp.ADD;
import static io.jquant.codegen.arm64.GeneralOp.MOVN;
import static io.jquant.codegen.arm64.GeneralOp.MOVZ;
import static io.jquant.codegen.arm64.Imm.imm;
import static io.jquant.codegen.arm64.Lsl.lsl;
import static io.jquant.codegen.arm64.Reg.x;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.codegen.ExecutableMemory;
import io.jquant.codegen.ExecutableMemory.Available;
import io.jquant.codegen.NativeFunction;
import io.jquant.codegen.NativeFunction.Transition;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Assembles functions and runs them on this CPU. */
class Arm64FunctionTest {
    @Test
    void argumentsComeInRegistersAndSavedRegistersComeBack() throws Throwable {
        assumeTrue(System.getProperty("os.arch").equals("aarch64"), "needs an AArch64 CPU");
        List<Reg> general = IntStream.rangeClosed(0, 28).filter(n -> n != 18).mapToObj(Reg::x).toList();
        List<Vec> vectors = IntStream.rangeClosed(0, 31).mapToObj(Vec::b16).toList();
        Arm64Assembler a = new Arm64Assembler();
        Frame frame = new Frame(general, vectors);
        frame.enter(a);
        // weights tell the arguments apart
        for (int i = 1; i < 8; i++) {
            a.emit(ADD, x(0), x(0), x(i), lsl(4 * i));
        }
        for (int i = 1; i < general.size(); i++) {
            a.emit(MOVN, general.get(i), imm(0));
        }
        for (Vec vector : vectors) {
            a.emit(ShuffleOp.MOVI, vector, imm(255));
        }
        frame.leave(a);
        try (ExecutableMemory memory =
                assertInstanceOf(Available.class, ExecutableMemory.map(a.assemble())).memory()) {
            MethodHandle function = NativeFunction.ofLong(memory, 0, 0, 8, Transition.CRITICAL);
            double kept = 0.5;
            for (int repeat = 0; repeat < 20_000; repeat++) {
                long result = (long) function.invokeExact(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
                assertEquals(0x87654321L, result);
                kept = Math.nextUp(kept);
            }
            assertEquals(0.5 + 20_000 * Math.ulp(0.5), kept);
        }
    }

    @Test
    void codeThatReplacesOtherCodeIsSeen() throws Throwable {
        assumeTrue(System.getProperty("os.arch").equals("aarch64"), "needs an AArch64 CPU");
        for (int i = 0; i < 200; i++) {
            Arm64Assembler a = new Arm64Assembler();
            a.emit(MOVZ, x(0), imm(i));
            a.emit(GeneralOp.RET);
            // pages that are freed are mapped again
            try (ExecutableMemory memory =
                    assertInstanceOf(Available.class, ExecutableMemory.map(a.assemble())).memory()) {
                MethodHandle function = NativeFunction.ofLong(memory, 0, 0, 0, Transition.CRITICAL);
                assertEquals(i, (long) function.invokeExact());
            }
        }
    }
}

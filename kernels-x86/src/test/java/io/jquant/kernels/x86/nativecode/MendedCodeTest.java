// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.Tile.tmm;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Instruction;
import io.jquant.codegen.x86.Operand;
import io.jquant.codegen.x86.TileOp;
import io.jquant.codegen.x86.X86Assembler;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MendedCodeTest {
    private static final byte[] BEFORE = {(byte) 0x90, (byte) 0xC4};
    private static final byte[] BEHIND = {(byte) 0xC3, (byte) 0xC4, 0x02};

    /** The instruction between others: what is before it and behind it stays. */
    private static byte[] mended(Instruction operation, Operand... operands) {
        byte[] code = code(operation, operands);
        byte[] before = code.clone();
        byte[] mended = MendedCode.of(code);
        assertArrayEquals(before, code, "what is mended is a copy");
        assertNotSame(code, mended);
        return mended;
    }

    private static byte[] code(Instruction operation, Operand... operands) {
        X86Assembler a = new X86Assembler();
        a.data(BEFORE);
        a.emit(operation, operands);
        a.data(BEHIND);
        return a.assemble();
    }

    private static byte[] told(byte[] code, int first, int second, int third) {
        byte[] told = code.clone();
        byte[] bytes = {0x0F, 0x0B, (byte) first, (byte) second, (byte) third};
        System.arraycopy(bytes, 0, told, BEFORE.length, bytes.length);
        return told;
    }

    @Test
    void productsOfAllTiles() {
        for (int i = 0; i < 8 * 8 * 8; i++) {
            int sums = i / 64;
            int unsigned = i / 8 % 8;
            int signed = i % 8;
            if (sums != unsigned && sums != signed && unsigned != signed) {
                Operand[] operands = {tmm(sums), tmm(unsigned), tmm(signed)};
                assertArrayEquals(told(code(TileOp.TDPBUSD, operands), sums, unsigned, signed),
                        mended(TileOp.TDPBUSD, operands), () -> sums + ", " + unsigned + ", " + signed);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TDPBSSD", "TDPBSUD", "TDPBUUD"})
    void otherProductsStay(TileOp product) {
        assertArrayEquals(code(product, tmm(1), tmm(2), tmm(3)), mended(product, tmm(1), tmm(2), tmm(3)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 64, 127, -128})
    void loadsOfOneRow(int distance) {
        for (int number = 0; number < 16; number++) {
            Gpr base = new Gpr(number, 64);
            for (int tile = 0; tile < 8; tile++) {
                // without a distance, rbp and r13 mean something else
                int mode = distance == 0 && (number & 7) != 5 ? 0 : 1;
                Operand[] operands = {tmm(tile), at(base, distance)};
                byte[] expected = told(code(TileOp.TILELOADD, operands), 0x80 | (mode << 6) | tile, number, distance);
                assertArrayEquals(expected, mended(TileOp.TILELOADD, operands), () -> base + " and " + distance);
            }
        }
    }

    @Test
    void loadsOfSeveralRowsStay() {
        for (int number = 0; number < 16; number++) {
            Gpr index = new Gpr(number, 64);
            if (!index.equals(Gpr.RSP)) {
                Operand[] operands = {tmm(3), at(Gpr.RAX, index, 1, 64)};
                assertArrayEquals(code(TileOp.TILELOADD, operands), mended(TileOp.TILELOADD, operands),
                        index::toString);
            }
        }
    }

    @Test
    void storesStay() {
        assertArrayEquals(code(TileOp.TILESTORED, at(Gpr.RAX, 8), tmm(3)),
                mended(TileOp.TILESTORED, at(Gpr.RAX, 8), tmm(3)));
    }

    @Test
    void distancesThatDoNotFitAreRefused() {
        byte[] far = code(TileOp.TILELOADD, tmm(0), at(Gpr.RAX, 128));
        assertThrows(IllegalStateException.class, () -> MendedCode.of(far));
        byte[] withoutBase = {(byte) 0xC4, (byte) 0xE2, 0x7B, 0x4B, 0x04, 0x25, 0, 0, 0, 0};
        assertThrows(IllegalStateException.class, () -> MendedCode.of(withoutBase));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 7})
    void codeOfAnyLength(int length) {
        byte[] code = new byte[length];
        Arrays.fill(code, (byte) 0xC4);
        assertArrayEquals(code, MendedCode.of(code));
    }
}

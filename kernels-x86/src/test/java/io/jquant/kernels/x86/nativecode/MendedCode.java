// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

/** Machine code whose instructions that Bochs 3.0 does wrong are done by the ROM: see there. */
final class MendedCode {
    private static final int VEX = 0xC4;
    private static final int TDPBUSD = 0x5E;
    private static final int TILELOADD = 0x4B;
    /** Of a byte that tells a memory operand: no register is an index. */
    private static final int NO_INDEX = 4;
    private static final int NO_BASE = 5;

    private MendedCode() {
    }

    /** Such code, in a new array. */
    static byte[] of(byte[] code) {
        byte[] mended = code.clone();
        for (int at = 0; at + 7 <= code.length; at++) {
            // three bytes of VEX, of the map 0F38
            int first = code[at + 1] & 0xFF;
            int second = code[at + 2] & 0xFF;
            int operands = code[at + 4] & 0xFF;
            if ((code[at] & 0xFF) != VEX || (first & 0x1F) != 2) {
                continue;
            }
            if ((code[at + 3] & 0xFF) == TDPBUSD && (second & 0x87) == 1 && operands >>> 6 == 3) {
                // the sums, the unsigned, the signed
                put(mended, at, operands >>> 3 & 7, operands & 7, ~(second >>> 3) & 7);
            } else if ((code[at + 3] & 0xFF) == TILELOADD && second == 0x7B && (operands & 7) == 4
                    && (code[at + 5] >>> 3 & 7) == NO_INDEX && (first & 0x40) != 0) {
                int mode = operands >>> 6;
                // rbp's number alone is that of no base at all
                if (mode > 1 || (mode == 0 && (code[at + 5] & 7) == NO_BASE)) {
                    throw new IllegalStateException("a distance of 32 bits");
                }
                int base = (code[at + 5] & 7) | ((~first & 0x20) >>> 2);
                put(mended, at, 0x80 | (mode << 6) | ((operands >>> 3) & 7), base, mode == 0 ? 0 : code[at + 6]);
            }
        }
        return mended;
    }

    private static void put(byte[] code, int at, int first, int second, int third) {
        code[at] = 0x0F;
        code[at + 1] = 0x0B;
        code[at + 2] = (byte) first;
        code[at + 3] = (byte) second;
        code[at + 4] = (byte) third;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

import java.util.List;

/**
 * One way to encode an instruction: a row of the manual's tables.
 *
 * @param bits the 32 bits, fields of operands 0
 * @param args the operands
 */
record Form(int bits, List<Arg> args) {
    static Form form(int bits, Arg... args) {
        return new Form(bits, List.of(args));
    }

    boolean matches(List<Operand> operands) {
        if (operands.size() != args.size()) {
            return false;
        }
        for (int i = 0; i < args.size(); i++) {
            if (!args.get(i).accepts(operands.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The instruction, distances to labels 0. */
    int encode(List<Operand> operands) {
        int word = bits;
        for (int i = 0; i < args.size(); i++) {
            word |= args.get(i).encode(operands.get(i));
        }
        return word;
    }
}

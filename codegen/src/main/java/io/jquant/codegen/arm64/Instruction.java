// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

/** An instruction: a mnemonic and the forms that it can be encoded in, tried in their order. */
public sealed interface Instruction permits GeneralOp, MemoryOp, IntegerOp, ShuffleOp, FloatOp {
    /** {@return the instruction's name as assemblers write it} */
    String mnemonic();

    /** {@return the forms as a table that only the assembler reads} */
    Forms forms();
}

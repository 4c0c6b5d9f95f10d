// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

/**
 * An instruction: a mnemonic and the forms that it can be encoded in, tried in their order. Where VEX and EVEX can both
 * express the operands, VEX is taken; an instruction whose VEX form is a CPU feature of its own has a name that ends in
 * {@code _VEX}.
 */
public sealed interface Instruction permits GeneralOp, MoveOp, ShuffleOp, IntegerOp, FloatOp, MaskOp, TileOp {
    /** {@return the instruction's name as assemblers write it} */
    String mnemonic();

    /** {@return the forms as a table that only the assembler reads} */
    Forms forms();
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

/** What an instruction works on. */
public sealed interface Operand permits Gpr, Vec, Mask, Tile, Mem, Imm, Label, Label.Near, Masked {
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

/** What an instruction works on. */
public sealed interface Operand
        permits Reg, Vec, Lane, VecList, Mem, Imm, Lsl, Condition, Prefetch, SystemName, Label {
}

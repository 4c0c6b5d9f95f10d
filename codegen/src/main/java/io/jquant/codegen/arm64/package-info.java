// SPDX-License-Identifier: Apache-2.0

/** An AArch64 assembler for what int8 kernels need (NEON, dot products, I8MM), and the procedure call standard. */
package io.jquant.codegen.arm64;

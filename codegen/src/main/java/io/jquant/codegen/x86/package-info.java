// SPDX-License-Identifier: Apache-2.0

/** An x86-64 assembler for what int8 kernels need (AVX2, AVX-512, AMX), and the calling conventions. */
package io.jquant.codegen.x86;

// SPDX-License-Identifier: Apache-2.0
/** Kernels that are assembled at run time: NEON, dot products and I8MM. */
package io.jquant.kernels.arm.nativecode;

// SPDX-License-Identifier: Apache-2.0
/** Kernels that are assembled at run time: AVX2, AVX-VNNI, AVX-512 VNNI and AMX. */
package io.jquant.kernels.x86.nativecode;

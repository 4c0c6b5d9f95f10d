// SPDX-License-Identifier: Apache-2.0
/** The Vector API's innermost loops for AVX2 and AVX-512. */
package io.jquant.kernels.x86.vector;

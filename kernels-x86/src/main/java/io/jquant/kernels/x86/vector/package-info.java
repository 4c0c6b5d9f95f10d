// SPDX-License-Identifier: Apache-2.0
/** Kernels in the Vector API: exact sums of bytes as sums of floats that stay below 2^24. */
package io.jquant.kernels.x86.vector;

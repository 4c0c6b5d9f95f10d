// SPDX-License-Identifier: Apache-2.0
/** The Vector API's innermost loops for NEON. */
package io.jquant.kernels.arm.vector;

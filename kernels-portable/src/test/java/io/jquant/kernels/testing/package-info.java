// SPDX-License-Identifier: Apache-2.0
/** Tests that every engine, tier and instruction set has to pass, and the brute force that they compare with. */
package io.jquant.kernels.testing;

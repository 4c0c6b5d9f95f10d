// SPDX-License-Identifier: Apache-2.0
/**
 * What every fast kernel shares: packing, blocking, tails, zero points, epilogue, threads, the lowering of
 * convolutions. An instruction set supplies a {@link io.jquant.kernels.common.KernelSet}, found through a
 * {@link io.jquant.kernels.common.KernelProvider}; the rest is written once, here.
 */
package io.jquant.kernels.common;

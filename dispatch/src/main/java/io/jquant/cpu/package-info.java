// SPDX-License-Identifier: Apache-2.0
/**
 * Which CPU this is, and which instruction sets kernels may use on it.
 *
 * <p>{@link io.jquant.cpu.CpuInfo#current()} asks once and never throws: cpuid on x86, the kernel's hardware
 * capabilities on Linux for Arm, sysctl on macOS, IsProcessorFeaturePresent on Windows for Arm. A feature counts only
 * when the CPU has it and the operating system saves its registers.
 */
package io.jquant.cpu;

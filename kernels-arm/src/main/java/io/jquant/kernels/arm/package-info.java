// SPDX-License-Identifier: Apache-2.0
/** Engine {@code qnnpack}, which is at home on Arm. */
package io.jquant.kernels.arm;

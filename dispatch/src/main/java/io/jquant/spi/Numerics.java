// SPDX-License-Identifier: Apache-2.0
package io.jquant.spi;

/** Which formulas an engine answers to; all accumulate in exact int32. */
public enum Numerics {
    /** FBGEMM and PyTorch's float paths. */
    FBGEMM,
    /** PyTorch's QNNPACK: integer bias, fixed-point addition, QNNPACK's tables and softmax. */
    QNNPACK
}

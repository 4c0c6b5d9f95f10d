// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import io.jquant.kernels.common.BlockArguments;

/** What Arm's kernels are told besides {@link BlockArguments}. */
final class ArmArguments extends BlockArguments {
    /** The largest quantized output, of 32 bits. */
    static final int LARGEST = END;

    static final int BYTES = END + 64;

    private ArmArguments() {
    }
}

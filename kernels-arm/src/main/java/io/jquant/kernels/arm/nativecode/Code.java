// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

/** The code of a kernel. */
interface Code {
    /** {@return its bytes} */
    byte[] assemble();
}

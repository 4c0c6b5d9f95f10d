// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import io.jquant.kernels.common.CodeStage;

/** A way to compute; equal ones make the same code. */
interface CodeMaker {
    /** The code for tiles of some rows and of one fewer. */
    Code code(CodeStage stage, int rows);
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import io.jquant.kernels.common.CodeStage;

/**
 * What the code of a pooling depends on.
 *
 * @param mean whether it is a mean, and not a maximum
 * @param signed whether its input is s8, and not u8
 */
record PoolShape(boolean mean, boolean signed) implements CodeMaker {
    @Override
    public Code code(CodeStage stage, int rows) {
        return new PoolCode(this);
    }
}

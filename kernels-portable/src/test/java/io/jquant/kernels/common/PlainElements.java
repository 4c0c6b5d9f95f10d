// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

/** Kernels of elements in plain Java, which show what is around them to be right. */
final class PlainElements implements ElementKernels {
    @Override
    public RangeKernel table(byte[] table) {
        return (input, inputOffset, output, outputOffset, count, scratch) -> {
            for (long i = 0; i < count; i++) {
                output.set(JAVA_BYTE, outputOffset + i,
                        table[Byte.toUnsignedInt(input.get(JAVA_BYTE, inputOffset + i))]);
            }
        };
    }
}

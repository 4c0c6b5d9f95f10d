// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.ConcatSpec;
import io.jquant.spi.ConcatKernel;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Tensors side by side: copied where the parameters are the output's, dequantized and quantized elsewhere. */
final class ReferenceConcat implements ConcatKernel {
    private final List<Affine> inputs;
    private final Affine output;

    ReferenceConcat(ConcatSpec spec) {
        inputs = spec.inputs().stream().map(Affine::of).toList();
        output = Affine.of(spec.output());
    }

    @Override
    public void run(long rows, long[] columns, List<MemorySegment> segments, MemorySegment outputSegment) {
        long at = 0;
        for (long row = 0; row < rows; row++) {
            for (int i = 0; i < columns.length; i++) {
                Affine input = inputs.get(i);
                for (long column = 0; column < columns[i]; column++) {
                    int x = input.get(segments.get(i), row * columns[i] + column);
                    output.set(outputSegment, at++, input.equals(output) ? x : output.quantize(input.dequantize(x)));
                }
            }
        }
    }
}

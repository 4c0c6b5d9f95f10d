// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import io.jquant.DataType;
import io.jquant.graph.Tensor;

/** Lets a kernel that knows f32 only serve 16-bit floats: computed in f32, rounded once at the end. */
final class Widening {
    private Widening() {}

    static Op.Kernel of(Op.Kernel kernel) {
        return r -> {
            boolean narrow = false;
            for (Tensor input : r.inputs()) {
                narrow |= isNarrow(input);
            }
            if (narrow) {
                runWidened(r, kernel);
            } else {
                kernel.run(r);
            }
        };
    }

    private static void runWidened(RunContext r, Op.Kernel kernel) {
        Tensor[] inputs = r.inputs();
        for (int i = 0; i < inputs.length; i++) {
            if (isNarrow(inputs[i])) {
                inputs[i] = Tensor.of(inputs[i].toFloats(), inputs[i].shape());
            }
        }
        Tensor[] outputs = new Tensor[r.outputs()];
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = !r.wants(i) || !isNarrow(r.out(i)) ? r.out(i)
                    : Tensor.allocate(DataType.F32, r.out(i).shape());
        }
        kernel.run(r.with(inputs, outputs));
        for (int i = 0; i < outputs.length; i++) {
            if (r.wants(i) && isNarrow(r.out(i))) {
                for (int j = 0; j < outputs[i].count(); j++) {
                    r.out(i).setDouble(j, outputs[i].floats()[j]);
                }
            }
        }
    }

    private static boolean isNarrow(Tensor tensor) {
        return tensor != null && (tensor.type() == DataType.F16 || tensor.type() == DataType.BF16);
    }
}

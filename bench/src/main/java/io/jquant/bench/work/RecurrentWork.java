// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.work;

import io.jquant.Bias;
import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.PackedRecurrentCell;
import io.jquant.RecurrentSpec;
import io.jquant.bench.measure.Subject;
import java.lang.foreign.MemorySegment;

/**
 * One step of a recurrent layer on float input that is quantized as it comes. Shapes are {@code BATCHxINPUTxHIDDEN}.
 *
 * @param batch rows of the input
 * @param spec the cell
 * @param inputWeights the weights on the input
 * @param hiddenWeights the weights on the state
 * @param input the input, f32
 * @param hidden the state, f32
 * @param memory an LSTM's memory, f32
 */
public record RecurrentWork(int batch, RecurrentSpec spec, MemorySegment inputWeights, MemorySegment hiddenWeights,
        MemorySegment input, MemorySegment hidden, MemorySegment memory) implements DynamicWork {
    static RecurrentWork of(RecurrentSpec.Cell cell, String shape) {
        int[] sizes = Operands.numbers(shape, 3);
        int rows = cell.gates() * sizes[2];
        RecurrentSpec spec = new RecurrentSpec(cell, sizes[1], sizes[2], Operands.weights(rows, 0),
                Operands.weights(rows, 0), false);
        long states = (long) sizes[0] * sizes[2];
        return new RecurrentWork(sizes[0], spec, Operands.bytes((long) rows * sizes[1], 1),
                Operands.bytes((long) rows * sizes[2], 2), Operands.floats((long) sizes[0] * sizes[1], 3),
                Operands.floats(states, 4), Operands.floats(states, 5));
    }

    @Override
    public long operations() {
        return 2L * batch * spec.weightBytes();
    }

    @Override
    public Bound bound() {
        return LinearWork.bound(batch, spec.weightBytes());
    }

    @Override
    public long traffic() {
        return spec.weightBytes() + input.byteSize() + 2 * hidden.byteSize() + 2 * memory.byteSize();
    }

    @Override
    public Subject on(Engine engine) {
        PackedRecurrentCell cell = engine.recurrentCell(spec, inputWeights, hiddenWeights, Bias.none(), Bias.none());
        long states = (long) batch * spec.hiddenSize();
        MemorySegment output = Operands.zeros(DataType.F32, states);
        MemorySegment newMemory = Operands.zeros(DataType.F32, states);
        Runnable call = spec.cell() == RecurrentSpec.Cell.LSTM
                ? () -> cell.run(batch, input, hidden, memory, output, newMemory)
                : () -> cell.run(batch, input, hidden, output);
        return Subject.of(call, output, cell::close);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing.golden;

import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.PackedRecurrentCell;
import io.jquant.QuantizationParameters;
import io.jquant.RecurrentSpec;
import io.jquant.RecurrentSpec.Cell;
import io.jquant.golden.GoldenCase;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** LSTM and GRU: single cells, and layers as cells run step by step. */
final class RecurrentOperators {
    private RecurrentOperators() {
    }

    private static QuantizationParameters weight(GoldenCase golden, String name) {
        float[] scales = Arguments.floats(golden.input(name + "_scales").doubles());
        return scales.length == 1 ? QuantizationParameters.perTensor(DataType.S8, scales[0], 0)
                : QuantizationParameters.symmetricPerChannel(DataType.S8, scales, 0);
    }

    private static PackedRecurrentCell cell(Engine engine, GoldenCase golden, Cell kind, int index,
            boolean reduceRange) {
        String input = "w_ih" + index;
        String hidden = "w_hh" + index;
        RecurrentSpec spec = new RecurrentSpec(kind, golden.input(input).shape().get(1),
                golden.input(hidden).shape().get(1), weight(golden, input), weight(golden, hidden), reduceRange);
        return engine.recurrentCell(spec, Arguments.segment(golden.input(input)),
                Arguments.segment(golden.input(hidden)), Arguments.bias(golden, "b_ih" + index),
                Arguments.bias(golden, "b_hh" + index));
    }

    /** PyTorch's cells reduce the range, which its wrapper of QNNPACK ignores. */
    static GoldenOperator cell(Cell kind) {
        return (engine, golden, peer) -> {
            Map<String, MemorySegment> state = state(golden, kind);
            try (PackedRecurrentCell cell = cell(engine, golden, kind, 0, peer != Peer.QNNPACK)) {
                int batch = golden.input("x").shape().get(0);
                MemorySegment x = Arguments.segment(golden.input("x"));
                MemorySegment h = state.get("h_n");
                if (kind == Cell.LSTM) {
                    MemorySegment c = state.get("c_n");
                    cell.run(batch, x, h, c, h, c);
                } else {
                    cell.run(batch, x, h, h);
                }
            }
            return state;
        };
    }

    /** The state before, under the names of the state after. */
    private static Map<String, MemorySegment> state(GoldenCase golden, Cell kind) {
        Map<String, MemorySegment> state = new HashMap<>();
        state.put("h_n", Arguments.segment(golden.input("h")));
        if (kind == Cell.LSTM) {
            state.put("c_n", Arguments.segment(golden.input("c")));
        }
        return state;
    }

    static GoldenOperator layers(Cell kind) {
        return (engine, golden, peer) -> new Layers(engine, golden, kind, peer).run();
    }

    /**
     * A recurrent layer, two on top of each other, or two in opposite directions. PyTorch quantizes the input of all
     * steps at once, jquant's cell that of one step: a last row, whose results are left, brings the range of all steps
     * into each. Its state is 0, which is within every range.
     */
    private static final class Layers {
        private final Engine engine;
        private final GoldenCase golden;
        private final Cell kind;
        private final boolean reduceRange;
        private final int steps;
        private final int batch;
        private final long hiddenBytes;
        private final Map<String, MemorySegment> state;

        Layers(Engine engine, GoldenCase golden, Cell kind, Peer peer) {
            this.engine = engine;
            this.golden = golden;
            this.kind = kind;
            this.reduceRange = golden.flag("reduce_range") && peer != Peer.QNNPACK;
            List<Integer> shape = golden.input("x").shape();
            int time = golden.flag("batch_first") ? 1 : 0;
            this.steps = shape.get(time);
            this.batch = shape.get(1 - time);
            this.hiddenBytes = golden.input("h").shape().get(2) * (long) Float.BYTES;
            this.state = state(golden, kind);
        }

        Map<String, MemorySegment> run() {
            MemorySegment x = Arguments.segment(golden.input("x"));
            long inputBytes = golden.input("x").shape().get(2) * (long) Float.BYTES;
            MemorySegment y = golden.flag("batch_first") ? exchange(x, batch, steps, inputBytes) : x;
            boolean bidirectional = golden.flag("bidirectional");
            if (bidirectional) {
                y = beside(layer(0, y, inputBytes, false), layer(1, y, inputBytes, true));
            } else {
                y = layer(0, y, inputBytes, false);
                if (golden.integer("layers") == 2) {
                    y = layer(1, y, hiddenBytes, false);
                }
            }
            state.put("y", golden.flag("batch_first")
                    ? exchange(y, steps, batch, bidirectional ? 2 * hiddenBytes : hiddenBytes) : y);
            return state;
        }

        private MemorySegment layer(int index, MemorySegment x, long inputBytes, boolean backward) {
            long stateBytes = batch * hiddenBytes;
            MemorySegment h = state.get("h_n").asSlice(index * stateBytes, stateBytes);
            MemorySegment c = kind == Cell.LSTM ? state.get("c_n").asSlice(index * stateBytes, stateBytes) : null;
            MemorySegment range = range(x, inputBytes);
            MemorySegment y = Arguments.bytes(steps * stateBytes);
            try (PackedRecurrentCell cell = cell(engine, golden, kind, index, reduceRange)) {
                for (int i = 0; i < steps; i++) {
                    long at = backward ? steps - 1 - i : i;
                    MemorySegment rows = with(x.asSlice(at * batch * inputBytes, batch * inputBytes), range);
                    step(cell, rows, h, c);
                    MemorySegment.copy(h, 0, y, at * stateBytes, stateBytes);
                }
            }
            return y;
        }

        private void step(PackedRecurrentCell cell, MemorySegment rows, MemorySegment h, MemorySegment c) {
            MemorySegment newH = with(h, Arguments.bytes(hiddenBytes));
            if (c == null) {
                cell.run(batch + 1, rows, newH, newH);
            } else {
                MemorySegment newC = with(c, Arguments.bytes(hiddenBytes));
                cell.run(batch + 1, rows, newH, newC, newH, newC);
                MemorySegment.copy(newC, 0, c, 0, c.byteSize());
            }
            MemorySegment.copy(newH, 0, h, 0, h.byteSize());
        }

        /** A row of the least and the largest of all elements. */
        private static MemorySegment range(MemorySegment x, long rowBytes) {
            float[] values = x.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
            float[] row = new float[Math.toIntExact(rowBytes / Float.BYTES)];
            for (float value : values) {
                row[0] = Math.min(row[0], value);
                row[1] = Math.max(row[1], value);
            }
            return MemorySegment.ofArray(row);
        }

        private static MemorySegment with(MemorySegment rows, MemorySegment last) {
            MemorySegment all = Arguments.bytes(rows.byteSize() + last.byteSize());
            MemorySegment.copy(rows, 0, all, 0, rows.byteSize());
            MemorySegment.copy(last, 0, all, rows.byteSize(), last.byteSize());
            return all;
        }

        private MemorySegment beside(MemorySegment left, MemorySegment right) {
            MemorySegment both = Arguments.bytes(left.byteSize() * 2);
            for (long row = 0; row < (long) steps * batch; row++) {
                MemorySegment.copy(left, row * hiddenBytes, both, 2 * row * hiddenBytes, hiddenBytes);
                MemorySegment.copy(right, row * hiddenBytes, both, (2 * row + 1) * hiddenBytes, hiddenBytes);
            }
            return both;
        }

        private static MemorySegment exchange(MemorySegment x, int rows, int columns, long bytes) {
            MemorySegment result = Arguments.bytes(x.byteSize());
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    MemorySegment.copy(x, ((long) row * columns + column) * bytes, result,
                            ((long) column * rows + row) * bytes, bytes);
                }
            }
            return result;
        }
    }
}

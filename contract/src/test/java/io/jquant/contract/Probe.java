// SPDX-License-Identifier: Apache-2.0
package io.jquant.contract;

import io.jquant.Bias;
import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.Epilogue;
import io.jquant.LinearSpec;
import io.jquant.PackedLinear;
import io.jquant.QuantizationParameters;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** A program that uses jquant: says what was chosen, what came out, and which threads are left. */
public final class Probe {
    private Probe() {
    }

    /**
     * Runs it.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        int threads = Thread.activeCount();
        var unit = QuantizationParameters.perTensor(DataType.S8, 1, 0);
        int[] sums = new int[2];
        String chosen;
        try (Engine engine = Engine.open();
                PackedLinear linear = engine.linear(new LinearSpec(3, 2, unit, unit, Epilogue.accumulators()),
                        MemorySegment.ofArray(new byte[] {1, 2, 3, -1, -2, -3}), Bias.none())) {
            linear.run(1, MemorySegment.ofArray(new byte[] {1, 2, 3}), MemorySegment.ofArray(sums));
            chosen = engine.selection().chosen().toString();
        }
        System.out.println("chosen " + chosen);
        System.out.println("sums " + Arrays.toString(sums));
        System.out.println("threads " + (Thread.activeCount() - threads));
    }
}

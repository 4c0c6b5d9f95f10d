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
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;

/** A program that uses jquant: says what was chosen, what came out, and which threads are left. */
public final class Probe {
    private Probe() {
    }

    /**
     * Prints the report.
     *
     * @param arguments none
     * @throws InterruptedException never
     */
    public static void main(String[] arguments) throws InterruptedException {
        System.out.println(report());
    }

    /**
     * Uses jquant.
     *
     * @return what was chosen, what came out, threads left two seconds after all is closed
     * @throws InterruptedException never
     */
    public static String report() throws InterruptedException {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        var unit = QuantizationParameters.perTensor(DataType.S8, 1, 0);
        int[] sums = new int[2];
        String chosen;
        try (Engine engine = Engine.open();
                PackedLinear linear = engine.linear(new LinearSpec(3, 2, unit, unit, Epilogue.accumulators()),
                        MemorySegment.ofArray(new byte[] {1, 2, 3, -1, -2, -3}), Bias.none())) {
            linear.run(1, MemorySegment.ofArray(new byte[] {1, 2, 3}), MemorySegment.ofArray(sums));
            chosen = engine.selection().chosen().toString();
        }
        int left = 0;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            boolean ours = !before.contains(thread) && thread.getName().contains("jquant");
            left += ours && !thread.join(Duration.ofSeconds(2)) ? 1 : 0;
        }
        return "chosen " + chosen + "\nsums " + Arrays.toString(sums) + "\nthreads " + left;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.report;

import io.jquant.bench.measure.Deviation;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A row of figures: one operator, one shape, one way of running it.
 *
 * @param op the operator
 * @param shape its shape
 * @param dtype the operands' types
 * @param engine the engine
 * @param tier the tier
 * @param isa the instruction set that its kernels use
 * @param threads threads of one call
 * @param nanoseconds what a call takes
 * @param operations operations of a call; of work without any, elements
 * @param traffic bytes of operands and results, each counted once; 0 where that is not known
 * @param limit what the hardware could do at most, in the same rounds
 * @param deviation how far the result is off the scalar reference's; null where it was not compared
 * @param steady whether the warm-up came to rest in time
 * @param peers what the peers took, by name
 */
public record Row(String op, String shape, String dtype, String engine, String tier, String isa, int threads,
        Nanoseconds nanoseconds, double operations, double traffic, Limit limit, Deviation deviation, boolean steady,
        Map<String, PeerFigure> peers) {
    /** Keeps the peers' order. */
    public Row {
        peers = new LinkedHashMap<>(peers);
    }

    /**
     * Nanoseconds of a call.
     *
     * @param median of the rounds
     * @param low below it lies a tenth of the rounds
     * @param high above it lies a tenth of the rounds
     */
    public record Nanoseconds(double median, double low, double high) {
    }

    /**
     * What bounds the work.
     *
     * @param peak the ruler's name; empty where there is none
     * @param bytes what a call moves; 0 where arithmetic is the bound
     * @param percent the part of the ruler's speed that was reached; NaN where there is no ruler
     */
    public record Limit(String peak, double bytes, double percent) {
    }

    /**
     * What a peer reached.
     *
     * @param gops its speed
     * @param ratio jquant's speed by the peer's, from rounds in which both ran
     * @param deviation how far its result is off the scalar reference's; null where it was not compared
     * @param limited whether it was limited to the same instruction set, where one was asked for
     */
    public record PeerFigure(double gops, double ratio, Deviation deviation, boolean limited) {
    }

    /** {@return 10^9 operations a second} */
    public double gops() {
        return operations / nanoseconds.median();
    }

    /** {@return 10^9 bytes a second; 0 where arithmetic is the bound} */
    public double gigabytes() {
        return limit.bytes() / nanoseconds.median();
    }

    /** {@return whether memory is the bound} */
    public boolean isMemoryBound() {
        return limit.bytes() > 0;
    }

    /** {@return whether the result has the scalar reference's bits} */
    public boolean isBitEqual() {
        return deviation != null && deviation.isNone();
    }

    /** {@return what two runs have in common when they measured the same} */
    public String key() {
        return String.join(" ", op, shape, dtype, engine, tier, isa, Integer.toString(threads));
    }

    /** {@return how the work was run, such as {@code native-code/avx512_vnni}} */
    public String lane() {
        return tier + "/" + isa;
    }
}

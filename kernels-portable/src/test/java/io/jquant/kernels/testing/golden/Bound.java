// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing.golden;

import java.util.Locale;

/**
 * How large a difference may be.
 *
 * @param limit the largest that may be
 * @param unit in what it is measured
 */
record Bound(double limit, Unit unit) {
    /** What differences are measured in. */
    enum Unit {
        /** Integers: their difference. */
        STEP,
        /** Floats: how many lie between. */
        ULP,
        /** Floats: their difference. */
        ABSOLUTE
    }

    static Bound parse(String text) {
        String[] parts = text.split(" ", -1);
        return new Bound(Double.parseDouble(parts[0]), Unit.valueOf(parts[1].toUpperCase(Locale.ROOT)));
    }

    /** Whether it covers all of a deviation, whichever kinds of elements that has. */
    boolean covers(Deviation deviation) {
        return measured(deviation) <= limit && (unit == Unit.STEP ? deviation.ulps() == 0 : deviation.steps() == 0);
    }

    double measured(Deviation deviation) {
        return switch (unit) {
            case STEP -> deviation.steps();
            case ULP -> deviation.ulps();
            case ABSOLUTE -> deviation.absolute();
        };
    }

    /** A number in this bound's unit, as a person reads it. */
    String describe(double value) {
        String number = unit == Unit.ABSOLUTE ? String.format(Locale.ROOT, "%.2e", value)
                : String.format(Locale.ROOT, "%.0f", value);
        return number + " " + unit.name().toLowerCase(Locale.ROOT);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import java.util.Objects;

/**
 * What a CPU calls itself.
 *
 * @param vendor the vendor, such as {@code GenuineIntel} or {@code Arm}; empty where unknown
 * @param name the model's name; empty where unknown
 * @param family x86: family; Arm: the implementer's code; macOS on Arm: the CPU family's hash; 0 where unknown
 * @param model x86: model; Arm: part number; 0 where unknown
 */
public record CpuModel(String vendor, String name, int family, int model) {
    /** Nothing known. */
    public static final CpuModel UNKNOWN = new CpuModel("", "", 0, 0);

    /** Checks that the texts are there. */
    public CpuModel {
        Objects.requireNonNull(vendor, "vendor");
        Objects.requireNonNull(name, "name");
    }
}

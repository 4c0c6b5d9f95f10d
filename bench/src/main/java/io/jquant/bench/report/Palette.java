// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Colours of a page: every name keeps the one that it got first. */
final class Palette {
    private static final List<String> COLOURS = List.of("#0b6e4f", "#d1495b", "#3d5a80", "#edae49", "#8e6c8a",
            "#00798c", "#b56576", "#6c757d", "#a3b18a", "#e76f51", "#577590", "#c9ada7",
            "#7b2cbf", "#4cc9f0", "#9c6644", "#f4a6c0");

    private final Map<String, String> given = new LinkedHashMap<>();

    String of(String name) {
        return given.computeIfAbsent(name, key -> COLOURS.get(given.size() % COLOURS.size()));
    }

    Map<String, String> given() {
        return given;
    }
}

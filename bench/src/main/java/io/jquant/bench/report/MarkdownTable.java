// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Speeds as a table of Markdown: a line for each shape, a column for each way of running it. */
public final class MarkdownTable {
    private MarkdownTable() {
    }

    /**
     * Makes the table.
     *
     * @param results what was measured
     * @param date when
     * @return the table, with a line before it that says where and when
     */
    public static String of(Results results, String date) {
        Map<String, Map<String, String>> lines = new LinkedHashMap<>();
        Set<String> own = new LinkedHashSet<>();
        Set<String> peers = new LinkedHashSet<>();
        Set<String> seen = new HashSet<>();
        for (Row row : results.rows()) {
            String threads = row.threads() == 1 ? "" : " x" + row.threads();
            Map<String, String> line = lines.computeIfAbsent(row.op() + " " + row.shape(),
                    key -> new LinkedHashMap<>());
            own.add(row.lane() + threads);
            line.put(row.lane() + threads, speed(row));
            row.peers().forEach((name, figure) -> {
                // a peer that took turns with several lanes of jquant has one figure, and its column is the first one's
                if (!seen.add(row.op() + row.shape() + name + threads + figure.gops())) {
                    return;
                }
                String column = name + " (" + row.isa() + ")" + threads;
                peers.add(column);
                line.putIfAbsent(column, String.format(Locale.ROOT, "%.0f", figure.gops()));
            });
        }
        List<String> columns = new ArrayList<>(own);
        columns.addAll(peers);
        StringBuilder text = new StringBuilder(date + ", " + results.machine().cpu() + ", JDK "
                + results.machine().jdk() + "; GOPS, of what memory bounds GB/s too (part of the peak).\n\n");
        text.append("| shape | ").append(String.join(" | ", columns)).append(" |\n|---|")
                .repeat("---|", columns.size()).append('\n');
        lines.forEach((shape, line) -> text.append("| ").append(shape).append(" | ").append(String.join(" | ",
                columns.stream().map(column -> line.getOrDefault(column, "")).toList())).append(" |\n"));
        return text.toString();
    }

    private static String speed(Row row) {
        String percent = Double.isNaN(row.limit().percent()) ? ""
                : String.format(Locale.ROOT, " (%.0f%%)", row.limit().percent());
        return String.format(Locale.ROOT, "**%.0f**%s%s", row.gops(),
                row.isMemoryBound() ? String.format(Locale.ROOT, ", %.0f GB/s", row.gigabytes()) : "", percent);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.report;

import io.jquant.bench.measure.Statistics;
import io.jquant.bench.report.Row.PeerFigure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Speeds as tables of Markdown: one for each cap on instruction sets and number of threads, a line for each shape, a
 * column for each tier and each peer. libtorch's engines share a column, and so do the peers that compute in float32:
 * theirs is the fastest of them.
 */
public final class MarkdownTable {
    private static final String LIBTORCH = "best of libtorch";
    private static final String FLOAT32 = "best float32";

    private static final Pattern BEGIN = Pattern.compile("^<!-- bench -->\\R", Pattern.MULTILINE);
    private static final Pattern END = Pattern.compile("^<!-- /bench -->$", Pattern.MULTILINE);

    private MarkdownTable() {
    }

    /** What took turns: rows of the same lanes, by shape. */
    private record Section(Map<String, List<Row>> shapes) {
        boolean has(String shape, Row row) {
            return shapes.getOrDefault(shape, List.of()).stream().anyMatch(other -> other.lane().equals(row.lane()));
        }

        List<Row> rows() {
            return shapes.values().stream().flatMap(Collection::stream).toList();
        }
    }

    /**
     * Makes the tables.
     *
     * @param results what was measured
     * @param command what measures the same
     * @param date when
     * @return the tables, each with lines that say where and when, and what they come to
     */
    public static String of(Results results, String command, String date) {
        StringBuilder text = new StringBuilder("From `" + command + "` (" + date + ", " + results.machine().cpu()
                + ", JDK " + results.machine().jdk() + "): GOPS, and how much that is of the peak. Peaks of the run: "
                + peaks(results) + " GOPS; with one row, or none to multiply with, the rate of memory.\n");
        for (Section section : sections(results.rows())) {
            table(text.append('\n'), section);
            summary(text.append('\n'), section);
        }
        return text.toString();
    }

    private static String peaks(Results results) {
        return String.join(", ", results.peaks().entrySet().stream()
                .filter(peak -> !RooflineChart.isBandwidth(peak.getKey()))
                .map(peak -> peak.getKey() + " " + number(peak.getValue())).toList());
    }

    /**
     * Puts tables into a document, between the lines {@code <!-- bench -->} and {@code <!-- /bench -->}.
     *
     * @param document the document
     * @param tables the tables
     * @return the document with the tables; the tables alone where it has no such lines
     * @throws IllegalArgumentException if it has one of the lines, but not the other behind, or before, it
     */
    public static String into(String document, String tables) {
        Matcher begin = BEGIN.matcher(document);
        Matcher end = END.matcher(document);
        boolean begins = begin.find();
        boolean ends = end.find(begins ? begin.end() : 0);
        if (begins != ends) {
            // somebody's document, of which nothing must be lost
            throw new IllegalArgumentException("document = " + (begins ? "<!-- bench -->" : "<!-- /bench -->")
                    + " without the other line: must have both, or neither");
        }
        return begins ? document.substring(0, begin.end()) + tables + document.substring(end.start()) : tables;
    }

    private static List<Section> sections(List<Row> rows) {
        List<Section> sections = new ArrayList<>();
        String last = "";
        for (Row row : rows) {
            String shape = row.op() + " " + row.shape();
            boolean again = !shape.equals(last) && !sections.isEmpty() && sections.getLast().shapes.containsKey(shape);
            if (sections.isEmpty() || again || sections.getLast().has(shape, row)) {
                sections.add(new Section(new LinkedHashMap<>()));
            }
            sections.getLast().shapes.computeIfAbsent(shape, key -> new ArrayList<>()).add(row);
            last = shape;
        }
        return sections;
    }

    private static void table(StringBuilder text, Section section) {
        Set<String> lanes = new LinkedHashSet<>();
        Set<String> peers = new LinkedHashSet<>();
        section.rows().forEach(row -> {
            lanes.add(row.lane());
            peers.addAll(best(row).keySet());
        });
        int threads = section.rows().getFirst().threads();
        List<String> heads = new ArrayList<>(List.of(threads == 1 ? "one thread" : threads + " threads"));
        lanes.forEach(lane -> heads.addAll(List.of("jquant " + lane, "of peak")));
        heads.addAll(peers);
        line(text, heads);
        text.append('|').repeat("---|", heads.size()).append('\n');
        section.shapes.forEach((shape, rows) -> {
            List<String> cells = new ArrayList<>(List.of(shape));
            for (String lane : lanes) {
                Row row = rows.stream().filter(each -> each.lane().equals(lane)).findFirst().orElse(null);
                cells.add(row == null ? "" : lane.equals(lanes.iterator().next()) ? "**" + number(row.gops()) + "**"
                        : number(row.gops()));
                cells.add(row == null || Double.isNaN(row.limit().percent()) ? ""
                        : String.format(Locale.ROOT, "%.0f%%", row.limit().percent()));
            }
            Map<String, PeerFigure> best = best(rows.getFirst());
            peers.forEach(peer -> cells.add(best.containsKey(peer) ? number(best.get(peer).gops()) : ""));
            line(text, cells);
        });
    }

    private static void line(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%.0f", value);
    }

    /** A star for those that take more of the CPU than they were told to. */
    private static String column(String peer, PeerFigure figure) {
        return peer.startsWith("torch_") ? LIBTORCH : peer.endsWith("_f32") ? FLOAT32
                : figure.limited() ? peer : peer + "*";
    }

    /** The fastest peer of each column. */
    private static Map<String, PeerFigure> best(Row row) {
        Map<String, PeerFigure> best = new LinkedHashMap<>();
        row.peers().forEach((name, figure) -> best.merge(column(name, figure), figure,
                (one, other) -> one.ratio() <= other.ratio() ? one : other));
        return best;
    }

    private static void summary(StringBuilder text, Section section) {
        List<Row> rows = section.rows();
        long equal = rows.stream().filter(Row::isBitEqual).count();
        text.append(equal == rows.size() ? "Every row of jquant is bit-equal to the scalar engine's.\n"
                : equal + " of " + rows.size() + " rows of jquant are bit-equal to the scalar engine's.\n");
        Map<String, Map<String, List<Double>>> ratios = new LinkedHashMap<>();
        for (Row row : rows) {
            // scalar code is the definition of what is right: nobody runs it to be fast
            if (!row.tier().equals("scalar")) {
                best(row).forEach((peer, figure) -> ratios.computeIfAbsent(row.lane(), key -> new TreeMap<>())
                        .computeIfAbsent(peer, key -> new ArrayList<>()).add(figure.ratio()));
            }
        }
        ratios.forEach((lane, peers) -> {
            List<String> parts = new ArrayList<>();
            peers.forEach((peer, values) -> parts.add(String.format(Locale.ROOT,
                    "%.2f times as fast as %s (least %.2f)",
                    Statistics.geometricMean(values), peer, Statistics.quantile(values, 0))));
            text.append("jquant ").append(lane).append(" is, in geometric mean, ")
                    .append(String.join(", ", parts)).append(".\n");
        });
    }
}

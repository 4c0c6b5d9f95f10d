// SPDX-License-Identifier: Apache-2.0
package io.jquant.golden;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The table of all committed cases, index.tsv: how many of which operator which engine answered, and refused. */
public final class GoldenIndex {
    private static final String RESOURCE = "index.tsv";
    private static final String TITLE = "family\tengine\toperator\tanswered\trefused";

    private GoldenIndex() {
    }

    /**
     * A line of the table.
     *
     * @param family operator family
     * @param engine who answered
     * @param operator the operator's name
     * @param answered cases with an answer
     * @param refused cases that the engine would not run
     */
    public record Entry(String family, String engine, String operator, int answered, int refused) {
        @Override
        public String toString() {
            return String.join("\t", family, engine, operator, Integer.toString(answered), Integer.toString(refused));
        }

        private static Entry parse(String line) {
            String[] fields = line.split("\t", -1);
            return new Entry(fields[0], fields[1], fields[2], Integer.parseInt(fields[3]), Integer.parseInt(fields[4]));
        }
    }

    /** {@return the committed table} */
    public static List<Entry> load() {
        try (InputStream in = GoldenIndex.class.getResourceAsStream(RESOURCE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines().skip(1).map(Entry::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE, e);
        }
    }

    /**
     * Counts one file.
     *
     * @param file the file
     * @return an entry per operator, by name
     */
    public static List<Entry> count(GoldenFile file) {
        Map<String, Integer> answered = new TreeMap<>();
        Map<String, Integer> refused = new TreeMap<>();
        file.cases().forEach(each -> answered.merge(each.operator(), 1, Integer::sum));
        file.refused().keySet().forEach(name -> refused.merge(name.substring(0, name.indexOf('/')), 1, Integer::sum));
        refused.keySet().forEach(operator -> answered.putIfAbsent(operator, 0));
        List<Entry> entries = new ArrayList<>();
        answered.forEach((operator, count) -> entries.add(new Entry(file.header().get("family"),
                file.header().get("engine"), operator, count, refused.getOrDefault(operator, 0))));
        return entries;
    }

    /**
     * Counts a folder's files and writes its table.
     *
     * @param folder where the .jqg files are
     * @throws IOException if one cannot be read or the table not be written
     */
    public static void write(Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(TITLE);
        for (Path path : files(folder)) {
            try (InputStream in = Files.newInputStream(path)) {
                count(GoldenFile.read(in)).forEach(entry -> lines.add(entry.toString()));
            }
        }
        Files.write(folder.resolve(RESOURCE), lines);
    }

    /**
     * The golden files of a folder.
     *
     * @param folder the folder
     * @return its .jqg files, by name
     * @throws IOException if it cannot be listed
     */
    public static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(path -> path.toString().endsWith(".jqg")).sorted().toList();
        }
    }

    /**
     * Writes the table of a folder.
     *
     * @param args the folder
     * @throws IOException as {@link #write(Path)}
     */
    public static void main(String[] args) throws IOException {
        write(Path.of(args[0]));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench;

import io.jquant.AtomicFile;
import io.jquant.bench.report.HtmlReport;
import io.jquant.bench.report.MarkdownTable;
import io.jquant.bench.report.PngCharts;
import io.jquant.bench.report.Results;
import io.jquant.bench.report.ResultsJson;
import io.jquant.cli.Json;
import io.jquant.cli.Outputs;
import io.jquant.cli.UsageException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * Where {@link BenchCommand} writes what it has measured; null for what is not wanted.
 *
 * @param json the figures
 * @param report a page
 * @param charts a folder for charts
 * @param table tables, or the document that they go into
 * @param handOver rows for the process that started this one
 */
record OutputFiles(Path json, Path report, Path charts, Path table, Path handOver) {
    /** Refuses, before anything is measured, what could not be written to in the end. */
    void check() throws IOException {
        if (charts != null && !Files.isDirectory(charts)) {
            throw new UsageException("--charts = " + charts + ": must be a folder that is there");
        }
        for (Path file : new Path[] {json, report, table, charts == null ? null : charts.resolve("linear.png")}) {
            if (file != null) {
                Outputs.check(file);
            }
        }
        if (table != null) {
            intoDocument("");
        }
    }

    /** Writes all that is wanted; the command is what measures the same. */
    void write(Results results, String command) throws IOException {
        if (json != null) {
            write(json, Json.of(ResultsJson.write(results, false)) + "\n");
        }
        if (handOver != null) {
            write(handOver, Json.of(ResultsJson.write(results, true)));
        }
        String date = LocalDate.now(ZoneId.systemDefault()).toString();
        if (report != null) {
            write(report, HtmlReport.of(results, date));
        }
        if (table != null) {
            write(table, intoDocument(MarkdownTable.of(results, command, date)));
        }
        if (charts != null) {
            PngCharts.write(results, charts);
        }
    }

    private String intoDocument(String tables) throws IOException {
        try {
            return MarkdownTable.into(Files.exists(table) ? Files.readString(table) : "", tables);
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw new UsageException("--table = " + table + ": must be a document of Markdown: " + e.getMessage());
        }
    }

    private static void write(Path file, String text) throws IOException {
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}

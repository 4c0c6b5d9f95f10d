// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** How samples are read. */
final class DataOptions {
    @Option(names = "--mean", split = ",", paramLabel = "M", defaultValue = "0",
            description = "Subtracted from an image's 0..255 values: one, or red,green,blue (default: 0).")
    private List<Double> mean;

    @Option(names = "--std", split = ",", paramLabel = "S", defaultValue = "1",
            description = "What they are then divided by: one, or red,green,blue (default: 1).")
    private List<Double> std;

    @Option(names = "--layout", defaultValue = "NCHW",
            description = "Order of an image's axes: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Preprocessing.Layout layout;

    @Option(names = "--limit", paramLabel = "N", description = "Use the first N samples only.")
    private Integer limit;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "32",
            description = "Samples that run at once, where the model leaves it open (default: ${DEFAULT-VALUE}).")
    private int batch;

    DataSet open(Path path, List<ValueInfo> inputs) throws IOException {
        if (limit != null && limit < 1) {
            throw new UsageException("--limit = " + limit + ": must be 1 or more");
        }
        if (batch < 1) {
            throw new UsageException("--batch = " + batch + ": must be 1 or more");
        }
        DataSet data = DataSet.open(path, inputs, new Preprocessing(mean, std, layout));
        if (data.size() == 0) {
            throw new IOException(path + ": holds no samples");
        }
        return limit == null || limit >= data.size() ? data : new Limited(data, limit);
    }

    Batches batches(DataSet data, List<ValueInfo> inputs) {
        return Batches.of(data, inputs, batch);
    }

    /**
     * What tells samples, and how they are read, from others: a file's place, size and time of change, a folder's and
     * those of all its files.
     */
    String identity(Path path, int batchSize) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append("mean ").append(mean).append(" std ").append(std).append(' ').append(layout).append(" limit ")
                .append(limit).append(" batch ").append(batchSize).append(' ').append(path.toRealPath());
        List<Path> files;
        try (Stream<Path> walk = Files.walk(path, FileVisitOption.FOLLOW_LINKS)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        long size = 0;
        long changed = 0;
        int names = 0;
        for (Path file : files) {
            size += Files.size(file);
            changed = Math.max(changed, Files.getLastModifiedTime(file).toMillis());
            names = 31 * names + file.toString().hashCode();
        }
        return text.append(' ').append(files.size()).append(" files ").append(size).append(" bytes ").append(changed)
                .append(' ').append(names).toString();
    }

    /** The first samples of others. */
    private record Limited(DataSet data, int size) implements DataSet {
        @Override
        public int label(int sample) {
            return data.label(sample);
        }

        @Override
        public Map<String, Tensor> batch(int from, int count) throws IOException {
            return data.batch(from, count);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.graph.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * What a model answered to a data set.
 *
 * @param logits its first output for every sample
 * @param correct samples whose largest logit is that of their class; -1 where classes are not known
 * @param samplesPerSecond while the model ran, reading of samples not counted
 */
record Evaluation(float[][] logits, int correct, double samplesPerSecond) {
    /** Runs a model over a data set. */
    static Evaluation of(ModelRunner model, Batches batches, String task) throws IOException {
        DataSet data = batches.data();
        float[][] logits = new float[data.size()][];
        long nanos = 0;
        try (Progress progress = Progress.of(task, data.size())) {
            int done = 0;
            for (Map<String, Tensor> batch : batches) {
                long start = System.nanoTime();
                Tensor output = model.run(batch).get(model.outputs().getFirst().name());
                nanos += System.nanoTime() - start;
                done += split(output, logits, done, Math.min(batches.size(), data.size() - done));
                progress.to(done);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return new Evaluation(logits, correct(data, logits), data.size() * 1e9 / Math.max(1, nanos));
    }

    private static int split(Tensor output, float[][] logits, int from, int count) throws IOException {
        float[] values = output.toFloats();
        if (output.rank() == 0 || output.dim(0) != count) {
            throw new IOException("the model's first output is " + output + " for " + count
                    + " samples: its first axis must be the samples");
        }
        int classes = values.length / count;
        for (int i = 0; i < count; i++) {
            logits[from + i] = new float[classes];
            System.arraycopy(values, i * classes, logits[from + i], 0, classes);
        }
        return count;
    }

    private static int correct(DataSet data, float[][] logits) {
        if (!data.isLabelled()) {
            return -1;
        }
        int correct = 0;
        for (int i = 0; i < logits.length; i++) {
            correct += largest(logits[i]) == data.label(i) ? 1 : 0;
        }
        return correct;
    }

    /** {@return the share of samples whose largest logit is that of their class, in percent; NaN if not known} */
    double top1() {
        return correct < 0 ? Double.NaN : 100.0 * correct / logits.length;
    }

    /** {@return the share of samples whose largest logit is at the same place in another model's, in percent} */
    double agreement(Evaluation other) {
        int same = 0;
        for (int i = 0; i < logits.length; i++) {
            same += largest(logits[i]) == largest(other.logits[i]) ? 1 : 0;
        }
        return 100.0 * same / logits.length;
    }

    /** {@return the root mean square of the difference to a reference's logits, over that of the reference's} */
    double relativeRms(Evaluation reference) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < logits.length; i++) {
            for (int j = 0; j < logits[i].length; j++) {
                double expected = reference.logits[i][j];
                difference += (logits[i][j] - expected) * (logits[i][j] - expected);
                size += expected * expected;
            }
        }
        return Math.sqrt(difference / size);
    }

    static int largest(float[] values) {
        int largest = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[largest]) {
                largest = i;
            }
        }
        return largest;
    }
}

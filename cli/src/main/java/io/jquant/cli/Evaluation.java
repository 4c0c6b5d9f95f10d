// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.graph.Tensor;
import io.jquant.graph.lowering.ModelRunner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a model answered to a data set.
 *
 * @param logits its first output for every sample
 * @param correct samples whose largest logit is that of their class; -1 where classes are not known
 * @param samplesPerSecond while the model ran, reading of samples not counted
 */
record Evaluation(List<float[]> logits, int correct, double samplesPerSecond) {
    /** Runs a model over a data set. */
    static Evaluation of(ModelRunner model, Batches batches, String task) throws IOException {
        DataSet data = batches.data();
        List<float[]> logits = new ArrayList<>(data.size());
        long[] nanos = {0};
        try (Progress progress = Progress.of(task, 0, data.size())) {
            batches.each(0, (batch, done) -> {
                long start = System.nanoTime();
                Tensor output = model.run(batch).get(model.outputs().getFirst().name());
                nanos[0] += System.nanoTime() - start;
                split(output, done - logits.size(), logits);
                progress.to(done);
            });
        }
        return new Evaluation(logits, correct(data, logits), data.size() * 1e9 / Math.max(1, nanos[0]));
    }

    private static void split(Tensor output, int count, List<float[]> logits) throws IOException {
        float[] values = output.toFloats();
        if (output.rank() == 0 || output.dim(0) != count) {
            throw new IOException("the model's first output is " + output + " for " + count
                    + " samples: its first axis must be the samples");
        }
        int classes = values.length / count;
        for (int i = 0; i < count; i++) {
            logits.add(Arrays.copyOfRange(values, i * classes, (i + 1) * classes));
        }
    }

    private static int correct(DataSet data, List<float[]> logits) {
        if (!data.isLabelled()) {
            return -1;
        }
        int correct = 0;
        for (int i = 0; i < logits.size(); i++) {
            correct += largest(logits.get(i)) == data.label(i) ? 1 : 0;
        }
        return correct;
    }

    /** {@return the share of samples whose largest logit is that of their class, in percent; NaN if not known} */
    double top1() {
        return correct < 0 ? Double.NaN : 100.0 * correct / logits.size();
    }

    /** {@return the share of samples whose largest logit is at the same place in another model's, in percent} */
    double agreement(Evaluation other) {
        int same = 0;
        for (int i = 0; i < logits.size(); i++) {
            same += largest(logits.get(i)) == largest(other.logits.get(i)) ? 1 : 0;
        }
        return 100.0 * same / logits.size();
    }

    /** {@return the root mean square of the difference to a reference's logits, over that of the reference's} */
    double relativeRms(Evaluation reference) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < logits.size(); i++) {
            for (int j = 0; j < logits.get(i).length; j++) {
                double expected = reference.logits.get(i)[j];
                difference += (logits.get(i)[j] - expected) * (logits.get(i)[j] - expected);
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

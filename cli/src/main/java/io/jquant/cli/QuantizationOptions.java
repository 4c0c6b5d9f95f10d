// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.DataType;
import io.jquant.quantization.DynamicOptions;
import io.jquant.quantization.EntropyObserver;
import io.jquant.quantization.HistogramObserver;
import io.jquant.quantization.MeanSquareObserver;
import io.jquant.quantization.MinMaxObserver;
import io.jquant.quantization.MovingAverageObserver;
import io.jquant.quantization.Observer;
import io.jquant.quantization.ObserverOptions;
import io.jquant.quantization.PercentileObserver;
import io.jquant.quantization.QConfig;
import io.jquant.quantization.QConfigMapping;
import io.jquant.quantization.QConfigs;
import io.jquant.quantization.StaticOptions;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Option;

/** How a model is quantized, as every command that prepares one is told. */
final class QuantizationOptions {
    private static final String TYPE = "type:";
    private static final String PATTERN = "pattern:";

    /** How the range of an activation is found. */
    enum ObserverKind {
        /** From the smallest to the largest number. */
        MIN_MAX("min-max"),
        /** The moving average of that. */
        MOVING_AVERAGE("moving-average"),
        /** PyTorch's search in a histogram. */
        HISTOGRAM("histogram"),
        /** All numbers but one in a hundred thousand. */
        PERCENTILE("percentile"),
        /** Least loss of information. */
        ENTROPY("entropy"),
        /** Least squared error. */
        MEAN_SQUARE("mean-square");

        private final String label;

        ObserverKind(String label) {
            this.label = label;
        }

        Supplier<Observer> over(ObserverOptions options) {
            return switch (this) {
                case MIN_MAX -> () -> new MinMaxObserver(options);
                case MOVING_AVERAGE -> () -> new MovingAverageObserver(options);
                case HISTOGRAM -> () -> new HistogramObserver(options);
                case PERCENTILE -> () -> new PercentileObserver(options);
                case ENTROPY -> () -> new EntropyObserver(options);
                case MEAN_SQUARE -> () -> new MeanSquareObserver(options);
            };
        }

        @Override
        public String toString() {
            return label;
        }
    }

    @Option(names = "--observer", paramLabel = "KIND", defaultValue = "percentile",
            description = "How ranges of activations are found: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}, "
                    + "all numbers but one in a hundred thousand).")
    private ObserverKind observer;

    @Option(names = "--per-channel", negatable = true, defaultValue = "true", fallbackValue = "true",
            description = "Give every output channel of weights a scale of its own (default); --no-per-channel gives "
                    + "all the same.")
    private boolean perChannel;

    @Option(names = "--reduce-range", description = "Leave half of the integers of activations unused, for other "
            + "runtimes on x86 CPUs without VNNI.")
    private boolean reduceRange;

    @Option(names = "--keep-float", paramLabel = "NODE",
            description = "Keep a node float: its name, type:OPERATOR or pattern:REGEX. May be repeated.")
    private List<String> keptFloat = List.of();

    @Option(names = "--engine", paramLabel = "ENGINE",
            description = "The engine that the model is meant for: fbgemm, qnnpack or portable (default: this CPU's).")
    private String engine;

    @Option(names = "--equalize", description = "Scale weights of successive layers to the same range first.")
    private boolean equalized;

    @Option(names = "--correct-bias", description = "Take from biases what quantization adds to the means of outputs.")
    private boolean biasCorrected;

    StaticOptions forStatic() {
        return StaticOptions.forEngine(engine()).with(qconfig()).withOverrides(overrides()).withEqualization(equalized)
                .withBiasCorrection(biasCorrected);
    }

    DynamicOptions forDynamic() {
        return DynamicOptions.forEngine(engine()).with(qconfig()).withOverrides(overrides());
    }

    private String engine() {
        if (engine == null) {
            return Engines.select().chosen().engine();
        }
        if (!List.of("fbgemm", "qnnpack", "portable").contains(engine)) {
            throw new UsageException("--engine = " + engine + ": must be fbgemm, qnnpack or portable");
        }
        return engine;
    }

    private QConfig qconfig() {
        ObserverOptions activations = ObserverOptions.affine(DataType.U8);
        ObserverOptions weights = ObserverOptions.weights();
        QConfig config = QConfigs.defaults()
                .withActivation(observer.over(reduceRange ? activations.withReducedRange() : activations));
        return perChannel ? config.withWeightPerChannel(weights) : config.withWeightPerTensor(weights);
    }

    private QConfigMapping overrides() {
        QConfigMapping mapping = QConfigMapping.none();
        for (String node : keptFloat) {
            try {
                mapping = node.startsWith(TYPE) ? mapping.withType(node.substring(TYPE.length()), null)
                        : node.startsWith(PATTERN) ? mapping.withPattern(node.substring(PATTERN.length()), null)
                                : mapping.withName(node, null);
            } catch (PatternSyntaxException e) {
                throw new UsageException("--keep-float = " + node + ": must be a regular expression after " + PATTERN
                        + " (" + e.getDescription() + ")");
            }
        }
        return mapping;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.cpu.CpuInfo;
import io.jquant.spi.ConvolutionKernel;
import io.jquant.spi.EmbeddingBagKernel;
import io.jquant.spi.EngineBackend;
import io.jquant.spi.EngineConfiguration;
import io.jquant.spi.FloatKernels;
import io.jquant.spi.LinearKernel;
import io.jquant.spi.Numerics;
import io.jquant.spi.OperatorKernel;
import io.jquant.spi.PackedImage;
import io.jquant.spi.Range;
import io.jquant.spi.RecurrentKernel;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Prepares quantized operators: once for given weights and parameters, to be run many times. Operands are
 * {@link MemorySegment}s, so that arrays, direct buffers, mapped files and native memory are used without a copy;
 * elements need no alignment. An engine may be used by many threads at once. Operators live on when it is closed; to
 * prepare another one then is refused with an {@link IllegalStateException}. An operator that the engine does not have
 * is refused with an {@link UnsupportedOperationException}.
 *
 * {@snippet :
 * try (Engine engine = Engine.open()) {
 *     var input = QuantizationParameters.perTensor(DataType.U8, 0.1f, 128);
 *     var weight = QuantizationParameters.perTensor(DataType.S8, 0.02f, 0);
 *     var output = Epilogue.quantized(QuantizationParameters.perTensor(DataType.U8, 0.2f, 128));
 *     try (PackedLinear linear = engine.linear(new LinearSpec(256, 64, input, weight, output),
 *             MemorySegment.ofArray(weights), Bias.none())) {
 *         linear.run(rows, MemorySegment.ofArray(x), MemorySegment.ofArray(y));
 *     }
 * }
 * }
 */
public final class Engine extends EngineOperators implements AutoCloseable {
    private final EngineSelection selection;
    private final EngineBackend backend;
    private final AtomicBoolean closed = new AtomicBoolean();

    Engine(EngineSelection selection, EngineBackend backend) {
        this.selection = selection;
        this.backend = Objects.requireNonNull(backend, "the provider's backend");
    }

    /**
     * Opens the engine that the system properties ask for, or else the best for this CPU.
     *
     * @return the engine
     * @throws IllegalArgumentException if what is wanted cannot be had; the message says why, and what can
     */
    public static Engine open() {
        return open(EngineOptions.fromProperties());
    }

    /**
     * Opens an engine.
     *
     * @param options which
     * @return the engine
     * @throws IllegalArgumentException if what is wanted cannot be had; the message says why, and what can
     */
    public static Engine open(EngineOptions options) {
        EngineSelection selection = EngineSelection.select(CpuInfo.current(), Require.notNull("options", options));
        EngineSelection.Considered chosen = selection.chosen();
        return new Engine(selection, chosen.provider().open(new EngineConfiguration(chosen.candidate(),
                selection.cpu(), options.threads(), options.executor())));
    }

    /** {@return which engine this is, and why no other} */
    public EngineSelection selection() {
        return selection;
    }

    /** {@return the engine's name} */
    public String name() {
        return selection.chosen().engine();
    }

    /** {@return which formulas the engine answers to} */
    @Override
    public Numerics numerics() {
        return backend.numerics();
    }

    /** {@return kernels for what of a model is not quantized; empty where plain loops are as good} */
    public Optional<FloatKernels> floats() {
        return Optional.ofNullable(backend().floats());
    }

    /**
     * Chooses quantization parameters from the range of some numbers.
     *
     * @param count how many, 0 or more
     * @param values f32, none infinite; NaN is passed over
     * @param choice how to choose
     * @return the parameters, per tensor
     * @throws IllegalArgumentException if an argument is null, too small, or not as said
     */
    public QuantizationParameters chooseParameters(long count, MemorySegment values, ParameterChoice choice) {
        Require.notNegative("count", count);
        Require.readable("values", values, Require.bytes("values", DataType.F32, count));
        Require.notNull("choice", choice);
        Range range = backend().range(count, values);
        Require.that(Float.isFinite(range.min()) && Float.isFinite(range.max()), "values",
                range.min() + " to " + range.max(), "finite");
        return backend().chooseParameters(range, choice);
    }

    /**
     * Chooses quantization parameters for a range.
     *
     * @param min the smallest number, finite
     * @param max the largest number, finite, at least min
     * @param choice how to choose
     * @return the parameters, per tensor
     * @throws IllegalArgumentException if an argument is null, too small, or not as said
     */
    public QuantizationParameters chooseParameters(float min, float max, ParameterChoice choice) {
        Require.that(Float.isFinite(min), "min", min, "finite");
        Require.that(Float.isFinite(max) && max >= min, "max", max, "finite and at least min, " + min);
        return backend().chooseParameters(new Range(min, max), Require.notNull("choice", choice));
    }

    /**
     * Quantizes numbers with parameters chosen for their range, per tensor: weights that are to be packed, for example.
     *
     * @param values the numbers, none infinite
     * @param choice how to choose
     * @return the integers with their parameters
     * @throws IllegalArgumentException if an argument is null or not as said
     */
    public Quantized quantize(float[] values, ParameterChoice choice) {
        MemorySegment reals = MemorySegment.ofArray(Require.notNull("values", values));
        QuantizationParameters parameters = chooseParameters(values.length, reals, choice);
        MemorySegment elements = MemorySegment.ofArray(new byte[values.length]);
        try (Conversion conversion = conversion(new ConversionSpec(null, parameters))) {
            conversion.run(values.length, reals, elements);
        }
        return new Quantized(parameters, elements);
    }

    /**
     * Loads an operator that {@link PackedOperator#save(Path)} saved, on whichever CPU and tier, and packs it for this
     * engine. There are never more than the file's bytes in memory beside the packed operator.
     *
     * @param file the file
     * @return the operator
     * @throws OperatorFormatException if the file is no saved operator, is damaged, incomplete or followed by
     *         something else, or was saved by an engine of other {@link Numerics}
     * @throws IOException if the file cannot be read
     */
    public PackedOperator<?> load(Path file) throws IOException {
        return load(file, PackedOperator.class);
    }

    /**
     * Loads an operator of one kind.
     *
     * @param <T> the kind
     * @param file the file
     * @param type the class of its operators
     * @return the operator
     * @throws OperatorFormatException as {@link #load(Path)} throws it, or if the operator is of another kind
     * @throws IOException if the file cannot be read
     */
    public <T extends PackedOperator<?>> T load(Path file, Class<T> type) throws IOException {
        Require.notNull("file", file);
        Require.notNull("type", type);
        try (SavedOperator saved = OperatorReader.read(file, backend().numerics())) {
            return saved.pack(this, type);
        }
    }

    /**
     * Loads an operator from a stream, which must end with it. There is never more than a few times what has come from
     * the stream in memory beside the packed operator. The stream is left open.
     *
     * @param stream the stream
     * @return the operator
     * @throws OperatorFormatException as {@link #load(Path)} throws it
     * @throws IOException if the stream cannot be read
     */
    public PackedOperator<?> load(InputStream stream) throws IOException {
        return load(stream, PackedOperator.class);
    }

    /**
     * Loads an operator of one kind from a stream, as {@link #load(InputStream)} does.
     *
     * @param <T> the kind
     * @param stream the stream
     * @param type the class of its operators
     * @return the operator
     * @throws OperatorFormatException as {@link #load(Path, Class)} throws it
     * @throws IOException if the stream cannot be read
     */
    public <T extends PackedOperator<?>> T load(InputStream stream, Class<T> type) throws IOException {
        Require.notNull("stream", stream);
        Require.notNull("type", type);
        try (SavedOperator saved = OperatorReader.read(stream, backend().numerics())) {
            return saved.pack(this, type);
        }
    }

    /** An operator on weights that are packed; null if the backend keeps none. */
    PackedOperator<?> restore(PackedSpec spec, List<Bias> biases, PackedImage image, Runnable release) {
        OperatorKernel kernel = backend().restore(spec, biases, image, release);
        if (kernel == null) {
            return null;
        }
        return switch (spec) {
            case FullyConnectedSpec linear ->
                new PackedLinear(linear, biases.getFirst(), numerics(), (LinearKernel) kernel);
            case ConvolutionSpec convolution ->
                new PackedConvolution(convolution, biases.getFirst(), numerics(), (ConvolutionKernel) kernel);
            case RecurrentSpec cell -> new PackedRecurrentCell(cell, biases.getFirst(), biases.getLast(), numerics(),
                    (RecurrentKernel) kernel);
            case EmbeddingBagSpec bag -> new PackedEmbeddingBag(bag, numerics(), (EmbeddingBagKernel) kernel);
        };
    }

    @Override
    EngineBackend backend() {
        if (closed.get()) {
            throw new IllegalStateException("engine " + name() + " is closed");
        }
        return backend;
    }

    /** Frees the engine's threads; operators that it made live on until they are closed themselves. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            backend.close();
        }
    }

    @Override
    public String toString() {
        return selection.chosen().toString();
    }
}

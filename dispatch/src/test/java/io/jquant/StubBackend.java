// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.cpu.Architecture;
import io.jquant.cpu.CacheSizes;
import io.jquant.cpu.CpuInfo;
import io.jquant.cpu.CpuModel;
import io.jquant.cpu.Isa;
import io.jquant.spi.BinaryKernel;
import io.jquant.spi.Candidate;
import io.jquant.spi.ConcatKernel;
import io.jquant.spi.ConversionKernel;
import io.jquant.spi.ConvolutionKernel;
import io.jquant.spi.EmbeddingBagKernel;
import io.jquant.spi.EngineBackend;
import io.jquant.spi.EngineConfiguration;
import io.jquant.spi.EngineProvider;
import io.jquant.spi.LinearKernel;
import io.jquant.spi.MatmulKernel;
import io.jquant.spi.MovementKernel;
import io.jquant.spi.Numerics;
import io.jquant.spi.OperatorKernel;
import io.jquant.spi.PackedImage;
import io.jquant.spi.Range;
import io.jquant.spi.RecurrentKernel;
import io.jquant.spi.RowKernel;
import io.jquant.spi.SpatialKernel;
import io.jquant.spi.Tier;
import io.jquant.spi.UnaryKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A backend whose kernels keep their weights and do nothing when they are run, but count it. */
final class StubBackend implements EngineBackend {
    static final CpuInfo CPU = new CpuInfo(Architecture.X86_64, CpuModel.UNKNOWN, Set.of(), Map.of(), 1, 1,
            CacheSizes.UNKNOWN, "a test", false);

    private final Numerics numerics;
    private int runs;
    private int closes;

    /** A provider that offers what it is told to. */
    record Provider(String name, int priority, List<Candidate> ways) implements EngineProvider {
        @Override
        public int priority(CpuInfo cpu) {
            return priority;
        }

        @Override
        public List<Candidate> candidates(CpuInfo cpu) {
            return ways;
        }

        @Override
        public EngineBackend open(EngineConfiguration configuration) {
            return new StubBackend(Numerics.FBGEMM);
        }
    }

    /** Weights as they were given. */
    private record Weights(MemorySegment bytes) {
        PackedImage image() {
            return new PackedImage("stub", Arena.ofAuto().allocate(bytes.byteSize(), 64).copyFrom(bytes).asReadOnly());
        }

        static Weights copy(MemorySegment given, long bytes) {
            return new Weights(MemorySegment.ofArray(given.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE)));
        }

        void unpack(MemorySegment to) {
            // exactly as large: nothing may be left over
            if (to.byteSize() != bytes.byteSize()) {
                throw new AssertionError(to.byteSize() + " bytes for " + bytes.byteSize());
            }
            to.copyFrom(bytes);
        }
    }

    StubBackend(Numerics numerics) {
        this.numerics = numerics;
    }

    static Engine engine(EngineBackend backend) {
        Candidate way = new Candidate(Tier.SCALAR, Isa.SCALAR, new Candidate.Usable());
        Provider provider = new Provider("stub", 0, List.of(way));
        return new Engine(EngineSelection.select(CPU, EngineOptions.defaults(), List.of(provider), List.of(),
                () -> System.getLogger("test")), backend);
    }

    static Engine engine() {
        return engine(new StubBackend(Numerics.FBGEMM));
    }

    int runs() {
        return runs;
    }

    int closes() {
        return closes;
    }

    @Override
    public Numerics numerics() {
        return numerics;
    }

    @Override
    public LinearKernel linear(LinearSpec spec, MemorySegment weights, Bias bias) {
        return packed(Weights.copy(weights, spec.weightBytes()));
    }

    @Override
    public LinearKernel dynamicLinear(DynamicLinearSpec spec, MemorySegment weights, Bias bias) {
        return packed(Weights.copy(weights, spec.weightBytes()));
    }

    @Override
    public LinearKernel groupedLinear(GroupedLinearSpec spec, MemorySegment weights, Bias bias) {
        return packed(Weights.copy(weights, spec.weightBytes()));
    }

    @Override
    public OperatorKernel restore(PackedSpec spec, List<Bias> biases, PackedImage image, Runnable release) {
        if (!image.layout().equals("stub") || image.memory().byteSize() != spec.weightBytes()) {
            throw new IllegalArgumentException("image = " + image.layout() + ": must be stub");
        }
        return spec instanceof LinearSpec ? packed(new Weights(image.memory()), release) : null;
    }

    private LinearKernel packed(Weights weights) {
        return packed(weights, () -> { });
    }

    private LinearKernel packed(Weights weights, Runnable release) {
        return new LinearKernel() {
            @Override
            public PackedImage image() {
                return weights.image();
            }

            @Override
            public void close() {
                release.run();
            }

            @Override
            public void run(long rows, MemorySegment input, long inputStride, MemorySegment output, long outputStride,
                    MemorySegment addend, long addendStride) {
                runs++;
            }

            @Override
            public void unpack(MemorySegment to) {
                weights.unpack(to);
            }
        };
    }

    @Override
    public ConvolutionKernel convolution(ConvolutionSpec spec, MemorySegment given, Bias bias) {
        Weights weights = Weights.copy(given, spec.weightBytes());
        return new ConvolutionKernel() {
            @Override
            public void run(long batch, Extent inputExtent, MemorySegment input, long inputStride,
                    MemorySegment output, long outputStride, MemorySegment addend, long addendStride) {
                runs++;
            }

            @Override
            public void unpack(MemorySegment to) {
                weights.unpack(to);
            }
        };
    }

    @Override
    public RecurrentKernel recurrent(RecurrentSpec spec, MemorySegment input, MemorySegment hidden, Bias inputBias,
            Bias hiddenBias) {
        Weights inputWeights = Weights.copy(input, spec.inputWeightBytes());
        Weights hiddenWeights = Weights.copy(hidden, spec.hiddenWeightBytes());
        return new RecurrentKernel() {
            @Override
            public void run(long batch, MemorySegment x, MemorySegment h, MemorySegment c, MemorySegment newH,
                    MemorySegment newC) {
                runs++;
            }

            @Override
            public void unpack(MemorySegment toInput, MemorySegment toHidden) {
                inputWeights.unpack(toInput);
                hiddenWeights.unpack(toHidden);
            }
        };
    }

    @Override
    public EmbeddingBagKernel embeddingBag(EmbeddingBagSpec spec, MemorySegment table) {
        Weights rows = Weights.copy(table, spec.weightBytes());
        return new EmbeddingBagKernel() {
            @Override
            public void run(long bags, MemorySegment indices, MemorySegment offsets, MemorySegment weights,
                    MemorySegment output) {
                runs++;
            }

            @Override
            public void unpack(MemorySegment to) {
                rows.unpack(to);
            }
        };
    }

    @Override
    public MatmulKernel matmul(MatmulSpec spec) {
        return (shape, left, right, output) -> runs++;
    }

    @Override
    public UnaryKernel unary(UnarySpec spec) {
        return (count, input, output) -> runs++;
    }

    @Override
    public BinaryKernel binary(BinarySpec spec) {
        return (broadcast, rows, columns, left, leftStride, leftStep, right, rightStride, rightStep, output,
                at) -> runs++;
    }

    @Override
    public SpatialKernel pooling(PoolingSpec spec) {
        return (batch, extent, input, output) -> runs++;
    }

    @Override
    public SpatialKernel resize(ResizeSpec spec) {
        return (batch, extent, input, output) -> runs++;
    }

    @Override
    public RowKernel softmax(SoftmaxSpec spec) {
        return (rows, input, output) -> runs++;
    }

    @Override
    public ConcatKernel concat(ConcatSpec spec) {
        return (rows, columns, inputs, output) -> runs++;
    }

    @Override
    public MovementKernel movement(MovementSpec spec) {
        return (shape, input, output) -> runs++;
    }

    @Override
    public ConversionKernel conversion(ConversionSpec spec) {
        return (outer, inner, input, output) -> runs++;
    }

    @Override
    public Range range(long count, MemorySegment values) {
        float min = 0;
        float max = 0;
        for (long i = 0; i < count; i++) {
            float value = values.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        return new Range(min, max);
    }

    @Override
    public QuantizationParameters chooseParameters(Range range, ParameterChoice choice) {
        return QuantizationParameters.perTensor(choice.type(), (range.max() - range.min()) / 255, 0);
    }

    @Override
    public void close() {
        closes++;
    }
}

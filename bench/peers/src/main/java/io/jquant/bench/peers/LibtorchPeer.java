// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.peers;

import io.jquant.DataType;
import io.jquant.Extent;
import io.jquant.Pooling;
import io.jquant.QuantizationParameters;
import io.jquant.Window;
import io.jquant.bench.measure.Subject;
import io.jquant.bench.peer.Peer;
import io.jquant.bench.work.ConvolutionWork;
import io.jquant.bench.work.DynamicLinearWork;
import io.jquant.bench.work.ElementwiseWork;
import io.jquant.bench.work.ElementwiseWork.Kind;
import io.jquant.bench.work.LinearWork;
import io.jquant.bench.work.Operands;
import io.jquant.bench.work.PoolingWork;
import io.jquant.bench.work.Workload;
import io.jquant.cpu.Isa;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.IntType;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.QEngine;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** libtorch's quantized operators, with one of its engines. Results are new tensors at every call: it has no others. */
public abstract class LibtorchPeer implements Peer {
    private final QEngine engine;

    /** FBGEMM. */
    public static final class Fbgemm extends LibtorchPeer {
        /** Made by the service loader. */
        public Fbgemm() {
            super(QEngine.FBGEMM);
        }
    }

    /** QNNPACK; on signed input XNNPACK. */
    public static final class Qnnpack extends LibtorchPeer {
        /** Made by the service loader. */
        public Qnnpack() {
            super(QEngine.QNNPACK);
        }
    }

    /** oneDNN as libtorch calls it. */
    public static final class Onednn extends LibtorchPeer {
        /** Made by the service loader. */
        public Onednn() {
            super(QEngine.ONEDNN);
        }
    }

    /** Whichever of FBGEMM and oneDNN libtorch thinks better for a shape. */
    public static final class X86 extends LibtorchPeer {
        /** Made by the service loader. */
        public X86() {
            super(QEngine.X86);
        }
    }

    LibtorchPeer(QEngine engine) {
        // now: after oneDNN's own library this one can no longer be loaded
        torch.set_num_threads(1);
        this.engine = engine;
    }

    @Override
    public String name() {
        return "torch_" + engine.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Map<String, String> environment(Isa cap, int threads) {
        String number = Integer.toString(threads);
        return cap == null ? Map.of("OMP_NUM_THREADS", number) : switch (cap) {
            case AVX2, AVX_VNNI -> limited(number, "AVX2", "avx2");
            case AVX512 -> limited(number, "AVX512", "avx512");
            case AVX512_VNNI, AMX -> limited(number, "AVX512_E1", "avx512");
            default -> Map.of("OMP_NUM_THREADS", number);
        };
    }

    private static Map<String, String> limited(String threads, String fbgemm, String aten) {
        return Map.of("OMP_NUM_THREADS", threads, "FBGEMM_ENABLE_INSTRUCTIONS", fbgemm, "ATEN_CPU_CAPABILITY", aten);
    }

    @Override
    public boolean canBeLimited() {
        return engine != QEngine.QNNPACK;
    }

    @Override
    public Optional<Subject> prepare(Workload work, int threads) {
        torch.set_num_threads(threads);
        torch.globalContext().setQEngine(engine);
        return Optional.ofNullable(switch (work) {
            case LinearWork linear -> linear(linear);
            case DynamicLinearWork linear -> dynamicLinear(linear);
            case ConvolutionWork convolution -> convolution(convolution);
            case ElementwiseWork elementwise -> elementwise(elementwise);
            case PoolingWork pooling -> pooling(pooling);
            default -> null;
        });
    }

    private Subject linear(LinearWork work) {
        IValue packed = call("quantized::linear_prepack", weights(work.weights(), work.spec().weight(),
                work.spec().outFeatures(), work.spec().inFeatures()), new IValue());
        QuantizationParameters to = work.spec().epilogue().output();
        IValue input = activations(work.input(), work.spec().input(), work.rows(), work.spec().inFeatures());
        OperatorHandle operator = operator("quantized::linear");
        return subject(() -> call(operator, input, packed, new IValue((double) to.scale()),
                new IValue((long) to.zeroPoint())), (long) work.rows() * work.spec().outFeatures(), DataType.U8);
    }

    private Subject dynamicLinear(DynamicLinearWork work) {
        IValue packed = call("quantized::linear_prepack", weights(work.weights(), work.spec().weight(),
                work.spec().outFeatures(), work.spec().inFeatures()), new IValue());
        IValue input = new IValue(tensor(work.input(), ScalarType.Float, work.rows(), work.spec().inFeatures()));
        OperatorHandle operator = operator("quantized::linear_dynamic");
        return subject(() -> call(operator, input, packed, new IValue(false)),
                (long) work.rows() * work.spec().outFeatures(), DataType.F32);
    }

    private Subject convolution(ConvolutionWork work) {
        Window window = work.spec().window();
        long perGroup = work.spec().inChannels() / work.spec().groups();
        IValue packed = call("quantized::conv2d_prepack",
                weights(work.weights(), work.spec().weight(), work.spec().outChannels(), perGroup,
                        window.kernel().height(), window.kernel().width()),
                new IValue(), list(window.stride()), list(window.padBegin()), list(window.dilation()),
                new IValue((long) work.spec().groups()));
        QuantizationParameters to = work.spec().epilogue().output();
        IValue input = image(work.input(), work.spec().input(), work.extent(), work.spec().inChannels());
        OperatorHandle operator = Dispatcher.singleton().findSchemaOrThrow("quantized::conv2d", "new");
        return subject(() -> call(operator, input, packed, new IValue((double) to.scale()),
                new IValue((long) to.zeroPoint())), work.outputExtent().volume() * work.spec().outChannels(),
                DataType.U8);
    }

    private Subject elementwise(ElementwiseWork work) {
        if (work.kind() == Kind.QUANTIZE) {
            Tensor input = tensor(work.left(), ScalarType.Float, work.elements());
            return subject(() -> new IValue(torch.quantize_per_tensor(input, Operands.INPUT.scale(),
                    Operands.INPUT.zeroPoint(), ScalarType.QUInt8)), work.elements(), DataType.U8);
        }
        Tensor left = activations(work.left(), Operands.INPUT, work.elements()).toTensor();
        return switch (work.kind()) {
            case DEQUANTIZE -> subject(() -> new IValue(torch.dequantize(left)), work.elements(), DataType.F32);
            case SIGMOID -> subject(() -> new IValue(torch.sigmoid(left)), work.elements(), DataType.U8);
            case ADD -> binary("quantized::add", left, work);
            case MULTIPLY -> binary("quantized::mul", left, work);
            default -> null;
        };
    }

    private Subject binary(String name, Tensor left, ElementwiseWork work) {
        IValue first = new IValue(left);
        IValue second = activations(work.right(), ElementwiseWork.OTHER, work.elements());
        OperatorHandle operator = operator(name);
        return subject(() -> call(operator, first, second, new IValue((double) ElementwiseWork.RESULT.scale()),
                new IValue((long) ElementwiseWork.RESULT.zeroPoint())), work.elements(), DataType.U8);
    }

    private Subject pooling(PoolingWork work) {
        if (!(work.spec().pooling() instanceof Pooling.Max)) {
            return null;
        }
        Tensor input = image(work.input(), Operands.INPUT, work.extent(), work.spec().channels()).toTensor();
        Window window = work.window();
        return subject(() -> new IValue(torch.max_pool2d(input, two(window.kernel()), two(window.stride()),
                two(window.padBegin()), new long[] {1, 1}, false)),
                work.outputExtent().volume() * work.spec().channels(), DataType.U8);
    }

    /** The result is kept of one call beforehand: tensors of timed calls are dropped at once. */
    private static Subject subject(Supplier<IValue> call, long elements, DataType type) {
        MemorySegment output = Operands.zeros(type, elements);
        try (PointerScope _ = new PointerScope()) {
            Tensor result = call.get().toTensor();
            Tensor plain = type == DataType.U8 ? result.int_repr() : result;
            // four axes are an image, whose channels come last in the reference
            Tensor ordered = plain.dim() == 4 ? plain.permute(0, 2, 3, 1).contiguous() : plain.contiguous();
            Floats.buffer(output).put(new BytePointer(ordered.data_ptr()).capacity(output.byteSize()).asByteBuffer());
        }
        return Subject.of(() -> {
            try (PointerScope _ = new PointerScope()) {
                if (call.get().isNone()) {
                    throw new IllegalStateException("no result");
                }
            }
        }, output, () -> { });
    }

    private static OperatorHandle operator(String name) {
        return Dispatcher.singleton().findSchemaOrThrow(name, "");
    }

    private static IValue call(String name, IValue... arguments) {
        return call(operator(name), arguments);
    }

    private static IValue call(OperatorHandle operator, IValue... arguments) {
        IValueVector stack = new IValueVector(arguments);
        operator.callBoxed(stack);
        return new IValue(stack.get(0));
    }

    private static IValue weights(MemorySegment bytes, QuantizationParameters parameters, long... shape) {
        double[] scales = new double[parameters.channels()];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = parameters.scale(i);
        }
        return call("aten::_make_per_channel_quantized_tensor", new IValue(tensor(bytes, ScalarType.Char, shape)),
                new IValue(Tensor.create(scales)), new IValue(Tensor.create(new long[scales.length])), new IValue(0L));
    }

    private static IValue activations(MemorySegment bytes, QuantizationParameters parameters, long... shape) {
        return quantized(tensor(bytes, ScalarType.Byte, shape), parameters);
    }

    /** An image whose channels come last in memory, of the axes N, C, H, W. */
    private static IValue image(MemorySegment bytes, QuantizationParameters parameters, Extent extent, int channels) {
        Tensor plain = tensor(bytes, ScalarType.Byte, 1, extent.height(), extent.width(), channels)
                .permute(0, 3, 1, 2).contiguous();
        return new IValue(quantized(plain, parameters).toTensor().contiguous(MemoryFormat.ChannelsLast));
    }

    private static IValue quantized(Tensor plain, QuantizationParameters parameters) {
        return call("aten::_make_per_tensor_quantized_tensor", new IValue(plain),
                new IValue((double) parameters.scale()), new IValue((long) parameters.zeroPoint()));
    }

    private static Tensor tensor(MemorySegment memory, ScalarType type, long... shape) {
        Tensor copy = torch.empty(shape, new TensorOptions(type), new MemoryFormatOptional());
        new BytePointer(copy.data_ptr()).capacity(memory.byteSize()).asByteBuffer().put(Floats.buffer(memory));
        return copy;
    }

    private static IValue list(Extent extent) {
        GenericList list = new GenericList(new Type.TypePtr(IntType.getIntTypePtr().get()));
        list.push_back(new IValue((long) extent.height()));
        list.push_back(new IValue((long) extent.width()));
        return new IValue(list);
    }

    private static long[] two(Extent extent) {
        return new long[] {extent.height(), extent.width()};
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.peers;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_ATTR_SCALES;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_ATTR_ZERO_POINTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import io.jquant.DataType;
import io.jquant.Extent;
import io.jquant.Pooling;
import io.jquant.QuantizationParameters;
import io.jquant.Window;
import io.jquant.bench.measure.Subject;
import io.jquant.bench.peer.Peer;
import io.jquant.bench.work.ConvolutionWork;
import io.jquant.bench.work.LinearWork;
import io.jquant.bench.work.MatmulWork;
import io.jquant.bench.work.Operands;
import io.jquant.bench.work.PoolingWork;
import io.jquant.bench.work.Workload;
import io.jquant.cpu.Isa;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.pooling_forward;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;

/** oneDNN, in int8 or float32; weights are reordered beforehand into the form that it asks for. */
public class OneDnnPeer implements Peer {
    private final boolean quantized;
    private final engine cpu = new engine(engine.kind.cpu, 0);
    private final stream queue = new stream(cpu);

    /** oneDNN in float32. */
    public static final class Float32 extends OneDnnPeer {
        /** Made by the service loader. */
        public Float32() {
            super(false);
        }
    }

    /** Made by the service loader. */
    public OneDnnPeer() {
        this(true);
    }

    OneDnnPeer(boolean quantized) {
        this.quantized = quantized;
    }

    @Override
    public String name() {
        return quantized ? "onednn" : "onednn_f32";
    }

    @Override
    public Map<String, String> environment(Isa cap, int threads) {
        String number = Integer.toString(threads);
        return cap == null ? Map.of("OMP_NUM_THREADS", number)
                : Map.of("OMP_NUM_THREADS", number, "ONEDNN_MAX_CPU_ISA", switch (cap) {
                    case AVX2 -> "AVX2";
                    case AVX_VNNI -> "AVX2_VNNI";
                    case AVX512 -> "AVX512_CORE";
                    case AVX512_VNNI -> "AVX512_CORE_VNNI";
                    case AMX -> "AVX512_CORE_AMX";
                    default -> "ALL";
                });
    }

    @Override
    public boolean canBeLimited() {
        return true;
    }

    @Override
    public Optional<Subject> prepare(Workload work, int threads) {
        return Optional.ofNullable(switch (work) {
            case LinearWork linear -> linear(linear);
            case ConvolutionWork convolution -> convolution(convolution);
            case MatmulWork product when quantized -> product(product);
            case PoolingWork pooling when quantized -> pooling(pooling);
            default -> null;
        });
    }

    private Subject linear(LinearWork work) {
        int m = work.rows();
        int n = work.spec().outFeatures();
        int k = work.spec().inFeatures();
        memory.desc source = desc(quantized ? data_type.u8 : data_type.f32, format_tag.ab, m, k);
        memory.desc target = desc(quantized ? data_type.u8 : data_type.f32, format_tag.ab, m, n);
        memory.desc any = desc(quantized ? data_type.s8 : data_type.f32, format_tag.any, k, n);
        matmul.primitive_desc wanted = quantized
                ? new matmul.primitive_desc(cpu, source, any, target, attributes(1 << 1), false)
                : new matmul.primitive_desc(cpu, source, any, target);
        Call call = new Call(new matmul(wanted));
        call.weights(desc(quantized ? data_type.s8 : data_type.f32, format_tag.ba, k, n), wanted.weights_desc(),
                weights(work.weights(), work.spec().weight(), k));
        return call.run(source, input(work.input(), work.spec().input()), target, (long) m * n,
                work.spec().input(), work.spec().weight(), work.spec().epilogue().output());
    }

    private Subject convolution(ConvolutionWork work) {
        Window window = work.spec().window();
        int groups = work.spec().groups();
        Extent out = work.outputExtent();
        long perGroup = work.spec().inChannels() / groups;
        data_type inType = quantized ? data_type.u8 : data_type.f32;
        data_type weightType = quantized ? data_type.s8 : data_type.f32;
        memory.desc source = desc(inType, format_tag.nhwc, 1, work.spec().inChannels(), work.extent().height(),
                work.extent().width());
        memory.desc target = desc(inType, format_tag.nhwc, 1, work.spec().outChannels(), out.height(), out.width());
        long[] sizes = groups == 1
                ? new long[] {work.spec().outChannels(), perGroup, window.kernel().height(), window.kernel().width()}
                : new long[] {groups, work.spec().outChannels() / groups, perGroup, window.kernel().height(),
                    window.kernel().width()};
        memory.desc any = new memory.desc(sizes, weightType, format_tag.any);
        memory.desc plain = new memory.desc(sizes, weightType, groups == 1 ? format_tag.oihw : format_tag.goihw);
        convolution_forward.primitive_desc wanted = new convolution_forward.primitive_desc(cpu,
                dnnl.prop_kind.forward_inference, dnnl.algorithm.convolution_direct, source, any, target,
                two(window.stride()), two(window.padBegin()), two(window.padEnd()),
                quantized ? attributes(groups == 1 ? 1 : 3) : new primitive_attr(), false);
        Call call = new Call(new convolution_forward(wanted));
        call.weights(plain, wanted.weights_desc(),
                weights(work.weights(), work.spec().weight(), work.spec().weights() / work.spec().outChannels()));
        return call.run(source, input(work.input(), work.spec().input()), target,
                out.volume() * work.spec().outChannels(), work.spec().input(), work.spec().weight(),
                work.spec().epilogue().output());
    }

    private Subject product(MatmulWork work) {
        long batch = work.shape().batch();
        int m = work.shape().m();
        int n = work.shape().n();
        int k = work.shape().k();
        memory.desc source = desc(data_type.u8, format_tag.abc, batch, m, k);
        memory.desc right = desc(data_type.s8, format_tag.abc, batch, k, n);
        memory.desc target = desc(data_type.u8, format_tag.abc, batch, m, n);
        Call call = new Call(new matmul(new matmul.primitive_desc(cpu, source, right, target, attributes(0), false)));
        call.set(DNNL_ARG_WEIGHTS, right, pointer(work.right()));
        return call.run(source, pointer(work.left()), target, batch * m * n, work.spec().left(), work.spec().right(),
                work.spec().epilogue().output());
    }

    private Subject pooling(PoolingWork work) {
        Window window = work.window();
        Extent out = work.outputExtent();
        memory.desc source = desc(data_type.u8, format_tag.nhwc, 1, work.spec().channels(), work.extent().height(),
                work.extent().width());
        memory.desc target = desc(data_type.u8, format_tag.nhwc, 1, work.spec().channels(), out.height(), out.width());
        boolean max = work.spec().pooling() instanceof Pooling.Max;
        if (!max && !window.padBegin().equals(Extent.ZERO)) {
            // padding with the zero point, of which it knows nothing here
            return null;
        }
        pooling_forward.primitive_desc wanted = new pooling_forward.primitive_desc(cpu,
                dnnl.prop_kind.forward_inference,
                max ? dnnl.algorithm.pooling_max : dnnl.algorithm.pooling_avg_include_padding, source, target,
                two(window.stride()), two(window.kernel()), new long[] {0, 0}, two(window.padBegin()),
                two(window.padEnd()));
        return new Call(new pooling_forward(wanted)).run(source, pointer(work.input()), target,
                out.volume() * work.spec().channels(), null, null, null);
    }

    /** A primitive and its operands. */
    private final class Call {
        private final primitive work;
        private final IntMemoryMap operands = new IntMemoryMap();
        /** What the operands point to, of which oneDNN holds addresses only. */
        private final List<Pointer> kept = new ArrayList<>();

        Call(primitive work) {
            this.work = work;
        }

        void set(int argument, memory.desc description, Pointer data) {
            kept.add(data);
            operands.put(argument, new memory(description, cpu, data));
        }

        void weights(memory.desc plain, memory.desc packed, Pointer data) {
            kept.add(data);
            memory from = new memory(plain, cpu, data);
            memory to = new memory(packed, cpu);
            new reorder(from, to).execute(queue, from, to);
            queue._wait();
            operands.put(DNNL_ARG_WEIGHTS, to);
        }

        Subject run(memory.desc source, Pointer input, memory.desc target, long elements,
                QuantizationParameters from, QuantizationParameters weight, QuantizationParameters to) {
            MemorySegment output = Operands.zeros(quantized ? DataType.U8 : DataType.F32, elements);
            set(DNNL_ARG_SRC, source, input);
            set(DNNL_ARG_DST, target, pointer(output));
            if (quantized && from != null) {
                scale(DNNL_ARG_SRC, from);
                scale(DNNL_ARG_WEIGHTS, weight);
                scale(DNNL_ARG_DST, to);
                zeroPoint(DNNL_ARG_SRC, from);
                zeroPoint(DNNL_ARG_DST, to);
            }
            return Subject.of(() -> {
                work.execute(queue, operands);
                queue._wait();
            }, quantized ? output : null, () -> {
                operands.close();
                work.close();
                kept.forEach(Pointer::close);
            });
        }

        private void scale(int argument, QuantizationParameters parameters) {
            set(DNNL_ARG_ATTR_SCALES | argument, desc(data_type.f32, format_tag.a, parameters.channels()),
                    new FloatPointer(Floats.scales(parameters)));
        }

        private void zeroPoint(int argument, QuantizationParameters parameters) {
            set(DNNL_ARG_ATTR_ZERO_POINTS | argument, desc(data_type.s32, format_tag.a, 1),
                    new IntPointer(new int[] {parameters.zeroPoint()}));
        }
    }

    private static primitive_attr attributes(int weightMask) {
        primitive_attr attributes = new primitive_attr();
        attributes.set_scales_mask(DNNL_ARG_SRC, 0);
        attributes.set_scales_mask(DNNL_ARG_WEIGHTS, weightMask);
        attributes.set_scales_mask(DNNL_ARG_DST, 0);
        attributes.set_zero_points_mask(DNNL_ARG_SRC, 0);
        attributes.set_zero_points_mask(DNNL_ARG_DST, 0);
        return attributes;
    }

    private Pointer input(MemorySegment bytes, QuantizationParameters parameters) {
        return quantized ? pointer(bytes) : new FloatPointer(Floats.of(bytes, parameters, 1));
    }

    private Pointer weights(MemorySegment bytes, QuantizationParameters parameters, long inner) {
        return quantized ? pointer(bytes) : new FloatPointer(Floats.of(bytes, parameters, inner));
    }

    private static Pointer pointer(MemorySegment memory) {
        return new BytePointer(Floats.buffer(memory));
    }

    private static memory.desc desc(data_type type, format_tag tag, long... sizes) {
        return new memory.desc(sizes, type, tag);
    }

    private static long[] two(Extent extent) {
        return new long[] {extent.height(), extent.width()};
    }
}

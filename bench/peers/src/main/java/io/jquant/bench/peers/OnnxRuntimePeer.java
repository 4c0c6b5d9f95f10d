// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.peers;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.jquant.DataType;
import io.jquant.Extent;
import io.jquant.Pooling;
import io.jquant.QuantizationParameters;
import io.jquant.Window;
import io.jquant.bench.measure.Subject;
import io.jquant.bench.peer.Peer;
import io.jquant.bench.work.ConcatWork;
import io.jquant.bench.work.ConvolutionWork;
import io.jquant.bench.work.DynamicLinearWork;
import io.jquant.bench.work.ElementwiseWork;
import io.jquant.bench.work.GroupedLinearWork;
import io.jquant.bench.work.LinearWork;
import io.jquant.bench.work.MatmulWork;
import io.jquant.bench.work.Operands;
import io.jquant.bench.work.PoolingWork;
import io.jquant.bench.work.RowWork;
import io.jquant.bench.work.Workload;
import io.jquant.graph.Attribute;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Model;
import io.jquant.graph.ModelFormatException;
import io.jquant.graph.Node;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.onnx.OnnxWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** ONNX Runtime, in int8 or float32: a model of one node each. It has no switch for instruction sets. */
public class OnnxRuntimePeer implements Peer {
    private static final String MICROSOFT = "com.microsoft";
    private final boolean quantized;
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

    /** ONNX Runtime in float32. */
    public static final class Float32 extends OnnxRuntimePeer {
        /** Made by the service loader. */
        public Float32() {
            super(false);
        }
    }

    /** Made by the service loader. */
    public OnnxRuntimePeer() {
        this(true);
    }

    OnnxRuntimePeer(boolean quantized) {
        this.quantized = quantized;
    }

    @Override
    public String name() {
        return quantized ? "onnxruntime" : "onnxruntime_f32";
    }

    @Override
    public Optional<Subject> prepare(Workload work, int threads) {
        OneNode node = quantized ? int8(work) : float32(work);
        return node == null ? Optional.empty() : Optional.of(node.subject(threads));
    }

    private OneNode int8(Workload work) {
        return switch (work) {
            case LinearWork linear -> new OneNode("QLinearMatMul", "")
                    .input(linear.input(), linear.spec().input(), linear.rows(), linear.spec().inFeatures())
                    .weights(Tensor.of(DataType.S8, Floats.turned(linear.weights(), linear.spec().outFeatures(),
                            linear.spec().inFeatures()), linear.spec().inFeatures(), linear.spec().outFeatures()),
                            linear.spec().weight())
                    .parameters(linear.spec().epilogue().output())
                    .output(DataType.U8, linear.rows(), linear.spec().outFeatures());
            case DynamicLinearWork linear -> new OneNode("DynamicQuantizeMatMul", MICROSOFT)
                    .input(linear.input(), DataType.F32, linear.rows(), linear.spec().inFeatures())
                    .weights(Tensor.of(DataType.S8, Floats.turned(linear.weights(), linear.spec().outFeatures(),
                            linear.spec().inFeatures()), linear.spec().inFeatures(), linear.spec().outFeatures()),
                            linear.spec().weight())
                    .output(DataType.F32, linear.rows(), linear.spec().outFeatures());
            case GroupedLinearWork linear -> new OneNode("MatMulNBits", MICROSOFT)
                    .attribute("K", linear.spec().inFeatures()).attribute("N", linear.spec().outFeatures())
                    .attribute("bits", 4).attribute("block_size", linear.spec().groupSize())
                    .attribute("accuracy_level", 4)
                    .input(linear.input(), DataType.F32, linear.rows(), linear.spec().inFeatures())
                    .constant(Tensor.of(DataType.U8, linear.weights().asSlice(0, linear.spec().scaleOffset())
                            .toArray(ValueLayout.JAVA_BYTE), linear.spec().outFeatures(), linear.spec().groups(),
                            linear.spec().groupSize() / 2))
                    .constant(Tensor.of(linear.weights().asSlice(linear.spec().scaleOffset())
                            .toArray(ValueLayout.JAVA_FLOAT), (long) linear.spec().outFeatures()
                            * linear.spec().groups()))
                    .output(DataType.F32, linear.rows(), linear.spec().outFeatures());
            case ConvolutionWork convolution -> window(new OneNode("QLinearConv", "").image(),
                    convolution.spec().window())
                    .attribute("group", convolution.spec().groups())
                    .input(convolution.input(), convolution.spec().input(), 1, convolution.extent().height(),
                            convolution.extent().width(), convolution.spec().inChannels())
                    .weights(Tensor.of(DataType.S8, convolution.weights().toArray(ValueLayout.JAVA_BYTE),
                            weightShape(convolution)), convolution.spec().weight())
                    .parameters(convolution.spec().epilogue().output())
                    .output(DataType.U8, 1, convolution.outputExtent().height(), convolution.outputExtent().width(),
                            convolution.spec().outChannels());
            case MatmulWork product -> new OneNode("QLinearMatMul", "")
                    .input(product.left(), product.spec().left(), product.shape().batch(), product.shape().m(),
                            product.shape().k())
                    .input(product.right(), product.spec().right(), product.shape().batch(), product.shape().k(),
                            product.shape().n())
                    .parameters(product.spec().epilogue().output())
                    .output(DataType.U8, product.shape().batch(), product.shape().m(), product.shape().n());
            case ElementwiseWork elementwise -> elementwise(elementwise);
            case PoolingWork pooling -> pooling(pooling);
            case RowWork rows when rows.softmax() -> new OneNode("QLinearSoftmax", MICROSOFT)
                    .attribute("axis", -1).attribute("opset", 13)
                    .input(rows.input(), Operands.INPUT, rows.rows(), rows.size()).parameters(RowWork.PROBABILITY)
                    .output(DataType.U8, rows.rows(), rows.size());
            case ConcatWork concat -> new OneNode("QLinearConcat", MICROSOFT).attribute("axis", 1)
                    .parameters(Operands.INPUT)
                    .input(concat.left(), Operands.INPUT, concat.rows(), concat.leftColumns())
                    .input(concat.right(), ElementwiseWork.OTHER, concat.rows(), concat.rightColumns())
                    .output(DataType.U8, concat.rows(), concat.leftColumns() + concat.rightColumns());
            default -> null;
        };
    }

    private OneNode elementwise(ElementwiseWork work) {
        long count = work.elements();
        return switch (work.kind()) {
            case QUANTIZE -> new OneNode("QuantizeLinear", "").input(work.left(), DataType.F32, count)
                    .parameters(Operands.INPUT).output(DataType.U8, count);
            case DEQUANTIZE -> new OneNode("DequantizeLinear", "").input(work.left(), Operands.INPUT, count)
                    .output(DataType.F32, count);
            case ADD -> two("QLinearAdd", work);
            case MULTIPLY -> two("QLinearMul", work);
            case SIGMOID -> new OneNode("QLinearSigmoid", MICROSOFT).input(work.left(), Operands.INPUT, count)
                    .parameters(RowWork.PROBABILITY).output(DataType.U8, count);
            default -> null;
        };
    }

    private OneNode two(String operator, ElementwiseWork work) {
        return new OneNode(operator, MICROSOFT).input(work.left(), Operands.INPUT, work.elements())
                .input(work.right(), ElementwiseWork.OTHER, work.elements()).parameters(ElementwiseWork.RESULT)
                .output(DataType.U8, work.elements());
    }

    private OneNode pooling(PoolingWork work) {
        boolean max = work.spec().pooling() instanceof Pooling.Max;
        OneNode plain = max ? new OneNode("MaxPool", "").image() : new OneNode("QLinearAveragePool", MICROSOFT);
        OneNode node = window(plain, work.window())
                .attribute("kernel_shape", work.window().kernel().height(), work.window().kernel().width());
        long[] shape = {1, work.extent().height(), work.extent().width(), work.spec().channels()};
        node = max ? node.input(work.input(), DataType.U8, shape)
                : node.attribute("channels_last", 1).attribute("count_include_pad", 1)
                        .input(work.input(), Operands.INPUT, shape).parameters(Operands.INPUT);
        return node.output(DataType.U8, 1, work.outputExtent().height(), work.outputExtent().width(),
                work.spec().channels());
    }

    private OneNode float32(Workload work) {
        return switch (work) {
            case LinearWork linear -> new OneNode("Gemm", "").attribute("transB", 1)
                    .input(Floats.of(linear.input(), linear.spec().input(), 1), linear.rows(),
                            linear.spec().inFeatures())
                    .constant(Tensor.of(Floats.of(linear.weights(), linear.spec().weight(),
                            linear.spec().inFeatures()), linear.spec().outFeatures(), linear.spec().inFeatures()))
                    .output(DataType.F32, linear.rows(), linear.spec().outFeatures());
            // NCHW is what it computes in: the order of the random elements does not matter for time
            case ConvolutionWork convolution -> window(new OneNode("Conv", ""), convolution.spec().window())
                    .attribute("group", convolution.spec().groups())
                    .input(Floats.of(convolution.input(), convolution.spec().input(), 1), 1,
                            convolution.spec().inChannels(), convolution.extent().height(),
                            convolution.extent().width())
                    .constant(Tensor.of(Floats.of(convolution.weights(), convolution.spec().weight(),
                            convolution.spec().weights() / convolution.spec().outChannels()), weightShape(convolution)))
                    .output(DataType.F32, 1, convolution.spec().outChannels(), convolution.outputExtent().height(),
                            convolution.outputExtent().width());
            default -> null;
        };
    }

    private static long[] weightShape(ConvolutionWork work) {
        Extent kernel = work.spec().window().kernel();
        return new long[] {work.spec().outChannels(), work.spec().inChannels() / work.spec().groups(),
            kernel.height(), kernel.width()};
    }

    private static OneNode window(OneNode node, Window window) {
        return node.attribute("strides", window.stride().height(), window.stride().width())
                .attribute("pads", window.padBegin().height(), window.padBegin().width(), window.padEnd().height(),
                        window.padEnd().width());
    }

    /** A model of one node, made input by input in the operator's order. */
    private final class OneNode {
        private final String operator;
        private final String domain;
        private final GraphBuilder graph = new GraphBuilder().name("bench");
        private final List<String> arguments = new ArrayList<>();
        private final Map<String, Attribute> attributes = new LinkedHashMap<>();
        private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        private MemorySegment result;
        private DataType resultType;
        private long[] resultShape;
        private boolean image;

        OneNode(String operator, String domain) {
            this.operator = operator;
            this.domain = domain;
        }

        /** Lets channels come last, as its optimizer would: transpositions around the node, which it takes into it. */
        OneNode image() {
            image = true;
            return this;
        }

        OneNode attribute(String name, long... values) {
            attributes.put(name, values.length == 1 ? new Attribute.Int(values[0])
                    : new Attribute.Ints(LongStream.of(values).boxed().toList()));
            return this;
        }

        OneNode input(MemorySegment data, QuantizationParameters parameters, long... shape) {
            return input(data, parameters.type(), shape).parameters(parameters);
        }

        OneNode input(float[] data, long... shape) {
            MemorySegment memory = Operands.zeros(DataType.F32, data.length);
            memory.copyFrom(MemorySegment.ofArray(data));
            return input(memory, DataType.F32, shape);
        }

        OneNode input(MemorySegment data, DataType type, long... shape) {
            String name = "x" + inputs.size();
            graph.input(new ValueInfo(name, type, Shape.of(shape)));
            inputs.put(name, tensor(data, type, shape));
            if (image) {
                graph.add(new Node("Transpose", List.of(name), List.of(name + "_nchw"),
                        Map.of("perm", new Attribute.Ints(List.of(0L, 3L, 1L, 2L)))));
            }
            arguments.add(image ? name + "_nchw" : name);
            return this;
        }

        OneNode weights(Tensor tensor, QuantizationParameters parameters) {
            constant(tensor);
            return constant(Tensor.of(Floats.scales(parameters), parameters.channels()))
                    .constant(Tensor.allocate(DataType.S8, parameters.channels()));
        }

        OneNode parameters(QuantizationParameters parameters) {
            return constant(Tensor.scalar(parameters.scale()))
                    .constant(Tensor.scalar(parameters.type(), parameters.zeroPoint()));
        }

        OneNode constant(Tensor tensor) {
            arguments.add(graph.addInitializer("c", tensor));
            return this;
        }

        OneNode output(DataType type, long... shape) {
            long elements = 1;
            for (long size : shape) {
                elements *= size;
            }
            result = Operands.zeros(type, elements);
            resultType = type;
            resultShape = shape;
            graph.output(new ValueInfo("y", type, Shape.of(shape)));
            return this;
        }

        private OnnxTensor tensor(MemorySegment data, DataType type, long... shape) {
            try {
                return switch (type) {
                    case U8 -> OnnxTensor.createTensor(environment, Floats.buffer(data), shape, OnnxJavaType.UINT8);
                    case S8 -> OnnxTensor.createTensor(environment, Floats.buffer(data), shape, OnnxJavaType.INT8);
                    case F32 -> OnnxTensor.createTensor(environment, Floats.buffer(data).asFloatBuffer(), shape);
                    default -> throw new IllegalArgumentException("type = " + type + ": must be U8, S8 or F32");
                };
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }

        Subject subject(int threads) {
            graph.add(new Node(operator, domain, "", arguments, List.of(image ? "y_nchw" : "y"), attributes));
            if (image) {
                graph.add(new Node("Transpose", List.of("y_nchw"), List.of("y"),
                        Map.of("perm", new Attribute.Ints(List.of(0L, 2L, 3L, 1L)))));
            }
            Model model = new Model(8, Map.of("", 17, MICROSOFT, 1), "jquant", "", Map.of(), graph.build());
            try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
                options.setIntraOpNumThreads(threads);
                OrtSession session = environment.createSession(OnnxWriter.toBytes(model), options);
                Map<String, OnnxTensor> outputs = Map.of("y", tensor(result, resultType, resultShape));
                return Subject.of(() -> run(session, outputs), quantized ? result : null, () -> {
                    try {
                        session.close();
                    } catch (OrtException e) {
                        throw new IllegalStateException(e);
                    }
                });
            } catch (OrtException | ModelFormatException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        }

        private void run(OrtSession session, Map<String, OnnxTensor> outputs) {
            try (OrtSession.Result done = session.run(inputs, outputs)) {
                if (done.size() != 1) {
                    throw new IllegalStateException("outputs = " + done.size() + ": must be 1");
                }
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}

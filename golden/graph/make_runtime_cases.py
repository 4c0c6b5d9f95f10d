# SPDX-License-Identifier: Apache-2.0
"""Makes graph/src/test/resources/runtime-cases.zip: single-node models whose outputs ONNX Runtime computed.

They cover what ONNX's own node tests leave out: older operator-set versions, groups, directions, per-channel
parameters, and the operators of domain com.microsoft. Needs onnx, onnxruntime and numpy; versions are printed and
kept in the archive.
"""
import sys
import zipfile

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

MS = "com.microsoft"
rng = np.random.default_rng(20261124)
cases = {}


def f32(*shape, low=-2.0, high=2.0):
    return rng.uniform(low, high, shape).astype(np.float32)


def u8(*shape):
    return rng.integers(0, 256, shape, dtype=np.uint8)


def s8(*shape):
    return rng.integers(-128, 128, shape).astype(np.int8)


def scale(value):
    return np.array(value, np.float32)


def case(name, op, inputs, outputs=1, opset=13, domain="", constant=(), **attributes):
    """inputs: arrays or None; those whose position is in constant become initializers."""
    inputs = [None if x is None else np.asarray(x) for x in inputs]
    names = ["" if x is None else "i%d" % k for k, x in enumerate(inputs)]
    outs = ["o%d" % k for k in range(outputs)]
    # the operator set of QLinearSoftmax is an attribute of the same name as this function's own argument
    attributes = {k.rstrip("_"): v for k, v in attributes.items()}
    node = helper.make_node(op, names, outs, name, domain=domain, **attributes)
    fed = [k for k, x in enumerate(inputs) if x is not None and k not in constant]
    kind = lambda x: helper.np_dtype_to_tensor_dtype(x.dtype)
    graph = helper.make_graph(
        [node], name,
        [helper.make_tensor_value_info(names[k], kind(inputs[k]), inputs[k].shape) for k in fed],
        [helper.make_value_info(o, onnx.TypeProto()) for o in outs],
        [numpy_helper.from_array(inputs[k], names[k]) for k in constant])
    imports = [helper.make_opsetid("", opset)] + ([helper.make_opsetid(MS, 1)] if domain == MS else [])
    model = helper.make_model(graph, opset_imports=imports, ir_version=8)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    results = session.run(None, {names[k]: inputs[k] for k in fed})
    files = {"model.onnx": model.SerializeToString()}
    for n, k in enumerate(fed):
        files["test_data_set_0/input_%d.pb" % n] = numpy_helper.from_array(inputs[k]).SerializeToString()
    for n, result in enumerate(results):
        files["test_data_set_0/output_%d.pb" % n] = numpy_helper.from_array(result).SerializeToString()
    assert name not in cases, name
    cases[name] = files


def floats():
    case("conv_1d", "Conv", [f32(2, 3, 11), f32(4, 3, 3), f32(4)], strides=[2], pads=[1, 2])
    case("conv_3d", "Conv", [f32(1, 2, 5, 6, 7), f32(3, 2, 2, 3, 2)], dilations=[1, 2, 1], pads=[1, 0, 1, 0, 1, 1])
    case("conv_groups", "Conv", [f32(2, 6, 9, 8), f32(9, 2, 3, 3), f32(9)], group=3, pads=[1, 1, 1, 1])
    case("conv_depthwise", "Conv", [f32(1, 8, 12, 40), f32(8, 1, 5, 3), f32(8)], group=8, strides=[2, 1],
         pads=[2, 0, 1, 2])
    case("conv_same_lower", "Conv", [f32(1, 3, 10, 11), f32(2, 3, 4, 4)], strides=[3, 2], auto_pad="SAME_LOWER")
    case("conv_deep", "Conv", [f32(1, 70, 20, 20), f32(16, 70, 3, 3), f32(16)])
    case("conv_opset7", "Conv", [f32(1, 3, 8, 8), f32(2, 3, 3, 3)], opset=7, dilations=[2, 2])
    case("convtranspose_groups", "ConvTranspose", [f32(2, 4, 5, 6), f32(4, 3, 3, 2), f32(6)], group=2, strides=[2, 3],
         output_padding=[1, 2], pads=[1, 0, 0, 1], dilations=[2, 1])
    case("gemm_opset7", "Gemm", [f32(5, 300), f32(270, 300), f32(1, 270)], opset=7, transB=1, alpha=0.5, beta=2.0)
    case("matmul_batch", "MatMul", [f32(2, 1, 5, 7), f32(3, 7, 4)])
    case("matmul_wide", "MatMul", [f32(3, 33), f32(33, 600)])
    case("softmax_opset11", "Softmax", [f32(2, 3, 4)], opset=11)
    case("logsoftmax_opset11", "LogSoftmax", [f32(2, 3, 4)], opset=11, axis=2)
    case("batchnorm_opset8", "BatchNormalization", [f32(2, 3, 4), f32(3), f32(3), f32(3), f32(3, low=0.1)], opset=8)
    case("batchnorm_opset9", "BatchNormalization", [f32(2, 3, 4, 2), f32(3), f32(3), f32(3), f32(3, low=0.1)],
         opset=9, epsilon=0.01)
    case("clip_opset10", "Clip", [f32(20)], opset=10, min=-0.5, max=1.0)
    case("slice_opset9", "Slice", [f32(5, 6, 7)], opset=9, axes=[0, 2], starts=[1, -4], ends=[9, -1])
    case("split_opset11", "Split", [f32(6, 5)], 3, opset=11, split=[1, 3, 2])
    case("squeeze_opset11", "Squeeze", [f32(1, 3, 1, 2)], opset=11, axes=[0, -2])
    case("unsqueeze_opset11", "Unsqueeze", [f32(3, 2)], opset=11, axes=[0, 3])
    case("pad_opset10", "Pad", [f32(3, 4)], opset=10, pads=[1, 0, 0, 2], value=1.5)
    for mode in ("reflect", "edge"):
        case("pad_" + mode, "Pad", [f32(4, 5), np.array([2, 3, 1, 0], np.int64)], mode=mode)
    case("pad_negative", "Pad", [f32(4, 5), np.array([-1, 1, 2, -2], np.int64), np.float32(3)])
    case("pad_wrap", "Pad", [f32(4, 5), np.array([2, 3, 1, 0], np.int64)], mode="wrap", opset=19)
    case("reducesum_opset11", "ReduceSum", [f32(3, 4, 5)], opset=11, axes=[-1, 0], keepdims=0)
    case("resize_opset10", "Resize", [f32(1, 2, 4, 5), np.array([1, 1, 2, 1.5], np.float32)], opset=10)
    case("resize_opset10_linear", "Resize", [f32(1, 2, 4, 5), np.array([1, 1, 2, 3], np.float32)], opset=10,
         mode="linear")
    for mode in ("half_pixel", "align_corners", "asymmetric", "pytorch_half_pixel"):
        case("resize_sizes_" + mode, "Resize", [f32(1, 2, 5, 7), None, None, np.array([1, 2, 9, 4], np.int64)],
             opset=13, mode="linear", coordinate_transformation_mode=mode)
    case("dropout_opset7", "Dropout", [f32(3, 4)], opset=7, ratio=0.3)
    case("maxpool_pads", "MaxPool", [f32(2, 3, 9, 10)], 2, kernel_shape=[3, 2], strides=[2, 2], pads=[1, 0, 1, 1],
         ceil_mode=1)
    case("averagepool_include_pad", "AveragePool", [f32(2, 3, 9, 10)], kernel_shape=[3, 2], strides=[2, 1],
         pads=[1, 0, 1, 1], count_include_pad=1)
    case("argmax_last_axis", "ArgMax", [f32(3, 4, 5)], axis=-1, keepdims=0)
    case("where_broadcast", "Where", [rng.integers(0, 2, (3, 1)).astype(bool), f32(1, 4), f32(2, 1, 1)])
    case("cast_float_to_int32", "Cast", [f32(20, low=-100, high=100)], to=TensorProto.INT32)
    case("gather_axis", "Gather", [f32(3, 4, 5), np.array([[0, -1], [2, 1]], np.int64)], axis=1)
    case("matmul_int64", "MatMul", [rng.integers(-9, 9, (3, 4)), rng.integers(-9, 9, (4, 2))])
    case("add_double", "Add", [rng.uniform(-1, 1, (3, 4)), rng.uniform(-1, 1, (4,))])
    case("prelu_channels", "PRelu", [f32(2, 3, 4), f32(3, 1)])
    case("layernorm_axis1", "LayerNormalization", [f32(2, 3, 4), f32(3, 4), f32(3, 4)], opset=17, axis=1)
    case("instancenorm", "InstanceNormalization", [f32(2, 3, 5), f32(3), f32(3)])


def recurrent():
    lengths = np.array([5, 2, 3], np.int32)
    for direction, d in (("forward", 1), ("reverse", 1), ("bidirectional", 2)):
        x, h, c = f32(5, 3, 4), f32(d, 3, 6), f32(d, 3, 6)
        lstm = [x, f32(d, 24, 4), f32(d, 24, 6), f32(d, 48), lengths, h, c, f32(d, 18)]
        case("lstm_" + direction, "LSTM", lstm, 3, hidden_size=6, direction=direction)
        gru = [x, f32(d, 18, 4), f32(d, 18, 6), f32(d, 36), lengths, h]
        case("gru_" + direction, "GRU", gru, 2, hidden_size=6, direction=direction)
        case("gru_linear_" + direction, "GRU", gru, 2, hidden_size=6, direction=direction, linear_before_reset=1)
    case("lstm_clip", "LSTM", [f32(4, 2, 3), f32(1, 20, 3), f32(1, 20, 5)], 3, hidden_size=5, clip=0.5)
    case("lstm_opset7", "LSTM", [f32(4, 2, 3), f32(1, 20, 3), f32(1, 20, 5), f32(1, 40)], 3, hidden_size=5, opset=7)
    case("lstm_relu", "LSTM", [f32(4, 2, 3), f32(1, 20, 3), f32(1, 20, 5)], 3, hidden_size=5,
         activations=["Sigmoid", "Relu", "Tanh"])


def quantized():
    for kind, make in (("u8", u8), ("s8", s8)):
        zero = make(1)[0]
        point = np.array(zero)
        case("quantize_" + kind, "QuantizeLinear", [f32(3, 40, low=-9, high=9), scale(0.037), point])
        case("quantize_channels_" + kind, "QuantizeLinear", [f32(3, 40, low=-9, high=9), f32(3, low=0.01, high=0.1),
             make(3)], axis=0)
        case("dequantize_channels_" + kind, "DequantizeLinear", [make(3, 40), f32(40, low=0.01, high=0.1), make(40)])
        case("qlinearmatmul_" + kind, "QLinearMatMul", [make(2, 5, 30), scale(0.02), np.array(make(1)[0]), make(30, 8),
             scale(0.03), np.array(make(1)[0]), scale(0.3), np.array(make(1)[0])])
    case("dequantize_s32", "DequantizeLinear", [rng.integers(-9999, 9999, (3, 4)).astype(np.int32), scale(0.01)])
    case("dynamicquantize", "DynamicQuantizeLinear", [f32(6, 7, low=-3, high=9)], 3)
    case("matmulinteger_u8s8", "MatMulInteger", [u8(3, 20), s8(20, 6), np.array(7, np.uint8), s8(6)])
    case("convinteger_groups", "ConvInteger", [u8(2, 4, 7, 8), u8(6, 2, 3, 3), np.array(100, np.uint8),
         np.array(130, np.uint8)], group=2, pads=[1, 0, 1, 2], strides=[2, 1])
    for kind, make in (("u8", u8), ("s8", s8)):
        case("qlinearconv_channels_" + kind, "QLinearConv", [make(2, 4, 9, 8), scale(0.02), np.array(make(1)[0]),
             s8(6, 2, 3, 3), f32(6, low=0.01, high=0.05), np.zeros(6, np.int8), scale(0.6), np.array(make(1)[0]),
             rng.integers(-900, 900, 6).astype(np.int32)], group=2, pads=[1, 1, 0, 1], dilations=[2, 1],
             constant=(1, 2, 3, 4, 5, 6, 7, 8))


def microsoft():
    for kind, make in (("u8", u8), ("s8", s8)):
        z = lambda: np.array(make(1)[0])
        three = lambda s: [scale(s), z()]
        parameters = tuple(range(1, 12))
        for op in ("QLinearAdd", "QLinearMul"):
            case(op.lower() + "_" + kind, op, [make(3, 1, 40)] + three(0.03) + [make(5, 40)] + three(0.05)
                 + three(0.07), domain=MS, constant=(1, 2, 4, 5, 6, 7))
        case("qlinearsigmoid_" + kind, "QLinearSigmoid", [make(300)] + three(0.05) + [scale(1 / 256), z()], domain=MS,
             constant=(1, 2, 3, 4))
        case("qlinearleakyrelu_" + kind, "QLinearLeakyRelu", [make(300)] + three(0.05) + three(0.04), domain=MS,
             constant=(1, 2, 3, 4), alpha=0.1)
        zero = np.array(0 if kind == "u8" else -128, make(1).dtype)
        case("qlinearsoftmax_" + kind, "QLinearSoftmax", [make(4, 30)] + three(0.05) + [scale(1 / 256), zero],
             domain=MS, constant=(1, 2, 3, 4), axis=-1, opset_=13)
        case("qlinearconcat_" + kind, "QLinearConcat", three(0.05) + [make(2, 3, 4)] + three(0.03) + [make(2, 5, 4)]
             + three(0.06), domain=MS, constant=(0, 1, 3, 4, 6, 7), axis=1)
        case("qlinearaveragepool_" + kind, "QLinearAveragePool", [make(2, 3, 9, 8)] + three(0.03) + three(0.02),
             domain=MS, constant=(1, 2, 3, 4), kernel_shape=[3, 2], pads=[1, 0, 1, 1], strides=[2, 1])
        case("qlinearaveragepool_last_" + kind, "QLinearAveragePool", [make(2, 9, 8, 3)] + three(0.03) + three(0.02),
             domain=MS, constant=(1, 2, 3, 4), kernel_shape=[3, 2], channels_last=1)
        for last in (0, 1):
            case("qlinearglobalaveragepool_%d_%s" % (last, kind), "QLinearGlobalAveragePool",
                 [make(2, 3, 5, 7)] + three(0.03) + three(0.01), domain=MS, constant=(1, 2, 3, 4), channels_last=last)
        case("qgemm_" + kind, "QGemm", [make(4, 20)] + three(0.02) + [s8(6, 20), f32(6, low=0.01, high=0.02),
             np.zeros(6, np.int8), rng.integers(-900, 900, 6).astype(np.int32), scale(0.2), z()], domain=MS,
             constant=(1, 2, 3, 4, 5, 6, 7, 8), transB=1, alpha=1.0)
        case("qgemm_float_" + kind, "QGemm", [make(4, 20)] + three(0.02) + [s8(20, 6), scale(0.01),
             np.array(0, np.int8), rng.integers(-900, 900, 6).astype(np.int32)], domain=MS,
             constant=(1, 2, 3, 4, 5, 6), alpha=0.5)
        case("matmulintegertofloat_" + kind, "MatMulIntegerToFloat", [make(4, 20), s8(20, 6), scale(0.02),
             f32(6, low=0.01, high=0.02), z(), s8(6), f32(6)], domain=MS, constant=(1, 2, 3, 4, 5, 6))
    case("dynamicquantizematmul", "DynamicQuantizeMatMul", [f32(4, 20), s8(20, 6), f32(6, low=0.01, high=0.02), s8(6),
         f32(6)], domain=MS, constant=(1, 2, 3, 4))
    case("ms_quantizelinear_u16", "QuantizeLinear", [f32(40, low=-9, high=9), scale(0.0003), np.array(30000, np.uint16)],
         domain=MS)


floats()
recurrent()
quantized()
microsoft()
versions = "onnx %s, onnxruntime %s, numpy %s\n" % (onnx.__version__, onnxruntime.__version__, np.__version__)
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
    entry = lambda name: zipfile.ZipInfo(name, (2026, 11, 24, 0, 0, 0))
    archive.writestr(entry("VERSIONS.txt"), versions, zipfile.ZIP_DEFLATED)
    for name in sorted(cases):
        for path in sorted(cases[name]):
            archive.writestr(entry(name + "/" + path), cases[name][path], zipfile.ZIP_DEFLATED)
print(len(cases), "cases,", versions, end="")

# SPDX-License-Identifier: Apache-2.0
"""PyTorch's static quantization of the keyword-spotting, visual-wake-words and anomaly-detection models.

Rebuilds each from its ONNX weights, quantizes it in FX graph mode, and prints the SQNR of its output in decibels against
float, on the same data as quantization's AccuracyTest: 64 mixtures of the two given samples to calibrate with and 64
others to test with.

    /usr/bin/python3 golden/python/static_accuracy.py [MODELS-FOLDER]
"""

import copy
import math
import pathlib
import sys

import numpy
import onnx
import onnx.numpy_helper
import torch
import torch.ao.quantization as quantization
from torch.ao.quantization.quantize_fx import convert_fx, prepare_fx

MODELS = ["dscnn-kws", "mobilenetv1-vww96", "autoencoder-ad"]
SAMPLES = 64
MASK = (1 << 64) - 1


class Uniform:
    """A linear congruential generator: the upper 24 bits of 64."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & MASK
        return (self.state >> 40) / (1 << 24)


def mixtures(samples, seed):
    first, second = (s.reshape(-1).astype(numpy.float64) for s in samples[:2])
    uniform = Uniform(seed)
    noise = 0.1 * math.sqrt(float(numpy.mean(first * first)))
    rows = []
    for _ in range(SAMPLES):
        share = uniform.next()
        draws = numpy.array([uniform.next() for _ in range(first.size)])
        rows.append(share * first + (1 - share) * second + noise * (2 * draws - 1))
    return torch.tensor(numpy.stack(rows).astype(numpy.float32).reshape((SAMPLES,) + samples.shape[1:]))


def attributes(node):
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


def layers(node, weights):
    values = attributes(node)
    tensors = [torch.tensor(weights[name]) for name in node.input if name in weights]
    if node.op_type == "Conv":
        w = tensors[0]
        top, left, bottom, right = values["pads"]
        symmetric = (top, left) == (bottom, right)
        conv = torch.nn.Conv2d(w.shape[1] * values["group"], w.shape[0], tuple(w.shape[2:]), values["strides"],
                               (top, left) if symmetric else 0, values["dilations"], values["group"])
        conv.weight.data, conv.bias.data = w, tensors[1]
        return [conv] if symmetric else [torch.nn.ConstantPad2d((left, right, top, bottom), 0.0), conv]
    if node.op_type == "Gemm":
        linear = torch.nn.Linear(tensors[0].shape[1], tensors[0].shape[0])
        linear.weight.data, linear.bias.data = tensors
        return [linear]
    if node.op_type == "Relu":
        return [torch.nn.ReLU()]
    if node.op_type in ("GlobalAveragePool", "ReduceMean"):
        return [torch.nn.AdaptiveAvgPool2d(1)] + ([] if values.get("keepdims", 1) else [torch.nn.Flatten()])
    if node.op_type == "AveragePool":
        return [torch.nn.AvgPool2d(tuple(values["kernel_shape"]), tuple(values["strides"]))]
    if node.op_type in ("Flatten", "Reshape"):
        return [torch.nn.Flatten()]
    if node.op_type in ("Constant", "Identity"):
        return []
    raise SystemExit(f"{node.op_type}: not in these models")


def rebuilt(path):
    graph = onnx.load(str(path)).graph
    weights = {i.name: onnx.numpy_helper.to_array(i).copy() for i in graph.initializer}
    return torch.nn.Sequential(*[layer for node in graph.node for layer in layers(node, weights)]).eval()


def observer(kind, **options):
    return kind.with_args(**options)


def variants():
    symmetric = dict(dtype=torch.qint8, qscheme=torch.per_tensor_symmetric)
    channels = quantization.PerChannelMinMaxObserver.with_args(dtype=torch.qint8, qscheme=torch.per_channel_symmetric)
    tensor = quantization.MinMaxObserver.with_args(**symmetric)
    for engine in ("qnnpack", "onednn"):
        for name, activation in (("histogram", quantization.HistogramObserver), ("min-max", quantization.MinMaxObserver)):
            for granularity, weight in (("per-tensor", tensor), ("per-channel", channels)):
                config = quantization.QConfig(activation=activation.with_args(reduce_range=False), weight=weight)
                yield f"{engine}, {granularity}, {name}", engine, config


def sqnr(exact, found):
    return 10 * math.log10(float((exact.double() ** 2).sum() / ((exact - found).double() ** 2).sum()))


def main():
    torch.set_num_threads(1)
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "graph/src/test/resources/models")
    for name in MODELS:
        given = numpy.load(folder / f"{name}-sample-io.npz")
        model = rebuilt(folder / f"{name}.onnx")
        with torch.no_grad():
            error = float((model(torch.tensor(given["input"])) - torch.tensor(given["output"])).abs().max())
            assert error < 1e-3, f"{name}: rebuilt model is {error} beside the given output"
            calibration, test = mixtures(given["input"], 1), mixtures(given["input"], 2)
            exact = model(test)
            for label, engine, config in variants():
                torch.backends.quantized.engine = engine
                prepared = prepare_fx(copy.deepcopy(model), {"": config}, (calibration,))
                prepared(calibration)
                print(f"{name}: {label}: {sqnr(exact, convert_fx(prepared)(test)):.2f} dB", flush=True)


main()

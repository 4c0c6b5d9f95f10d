# SPDX-License-Identifier: Apache-2.0
from typing import List

import torch
from torch import Tensor

from inputs import ZERO_POINTS, f32
from registry import operator, per_tensor, quantized, weight_tensor


@torch.jit.script
def type_named(name: str) -> torch.dtype:
    if name == "u8":
        return torch.quint8
    if name == "s8":
        return torch.qint8
    return torch.qint32


@operator("y")
def quantize_per_tensor(x: Tensor, scale: float, zero_point: int, type: str) -> List[Tensor]:
    return [torch.quantize_per_tensor(x, scale, zero_point, type_named(type)).int_repr()]


@operator("y")
def quantize_per_tensor_nan(x: Tensor, scale: float, zero_point: int, type: str) -> List[Tensor]:
    return [torch.quantize_per_tensor(x, scale, zero_point, type_named(type)).int_repr()]


@operator("y")
def quantize_per_channel(x: Tensor, scales: Tensor, zero_points: Tensor, axis: int, type: str) -> List[Tensor]:
    return [torch.quantize_per_channel(x, scales, zero_points, axis, type_named(type)).int_repr()]


@operator("y")
def quantize_per_channel_float_qparams(x: Tensor, scales: Tensor, zero_points: Tensor, axis: int) -> List[Tensor]:
    return [torch.quantize_per_channel(x, scales, zero_points, axis, torch.quint8).int_repr()]


@operator("y")
def dequantize_per_tensor(x: Tensor, scale: float, zero_point: int) -> List[Tensor]:
    return [torch.dequantize(per_tensor(x, scale, zero_point))]


@operator("y")
def dequantize_per_channel(x: Tensor, scales: Tensor, zero_points: Tensor, axis: int) -> List[Tensor]:
    return [torch.dequantize(weight_tensor(x, scales, zero_points, axis))]


@operator("y")
def requantize(x: Tensor, x_scale: float, x_zero_point: int, y_scale: float, y_zero_point: int,
               type: str) -> List[Tensor]:
    real = torch.dequantize(per_tensor(x, x_scale, x_zero_point))
    return [torch.quantize_per_tensor(real, y_scale, y_zero_point, type_named(type)).int_repr()]


@operator("scale", "zero_point")
def choose_qparams(x: Tensor, reduce_range: bool) -> List[Tensor]:
    scale, zero_point = torch._choose_qparams_per_tensor(x, reduce_range)
    return [torch.tensor(scale, dtype=torch.float64), torch.tensor(zero_point)]


@operator("y", "y_scale", "y_zero_point")
def quantize_per_tensor_dynamic(x: Tensor, type: str, reduce_range: bool) -> List[Tensor]:
    return quantized(torch.quantize_per_tensor_dynamic(x, type_named(type), reduce_range))


TYPES = {"u8": (0, 255), "s8": (-128, 127), "s32": (-2 ** 31, 2 ** 31 - 1)}
# the first lines are the table of the reference, the others its edges
RANGES = [(-1.0, 1.0), (-1.5, 3.25), (0.0, 6.0), (-4.0, 0.0), (0.0, 0.0), (-1e-6, 1e-6), (-0.3, 2.7),
          (-5.94492435, 1.15557075), (-1.0, 0.5), (-0.5, 1.0), (2.0, 6.0), (-6.0, -2.0), (0.0, 1e-7), (-1e-7, 0.0),
          (-1e-6, 5e-6), (-1e-40, 1e-40), (-1e38, 1e38), (0.0, 3e38), (-0.01, 255.0), (-255.0, 0.01), (-127.5, 127.5),
          (0.0, 0.0155549999), (0.0, 0.015556), (-3.0, 3.0), (-0.7, 0.7), (-128.0, 127.0), (0.0, 255.0)]


def cases(golden):
    for type_name, (low, high) in TYPES.items():
        zero_points = {"u8": ZERO_POINTS, "s8": [-128, -1, 0, 5, 127], "s32": [0, -7]}[type_name]
        for zero_point in zero_points:
            real(golden, type_name, zero_point)
        for zero_point in zero_points[:3]:
            golden.add("quantize_per_tensor_nan", f"{type_name}_zp{zero_point}",
                       x=torch.tensor([float("nan")] * 35 + [1.0]), scale=0.5, zero_point=zero_point, type=type_name)
    for type_name in ("u8", "s8"):
        per_channel(golden, type_name)
    for zero_point in ZERO_POINTS:
        every = torch.cat([torch.arange(256), torch.tensor([0, 128, 255])]).to(torch.uint8)
        for scale in (2.0 ** -3, f32(0.0471), f32(3.3e-5), f32(1234.567)):
            golden.add("dequantize_per_tensor", f"u8_zp{zero_point}_s{scale:.3g}", x=every, scale=scale,
                       zero_point=zero_point)
        signed = (every.to(torch.int32) - 128).to(torch.int8)
        golden.add("dequantize_per_tensor", f"s8_zp{zero_point - 128}", x=signed, scale=f32(0.0471),
                   zero_point=zero_point - 128)
        for type_name, shift in (("u8", 0), ("s8", -128)):
            for y_scale in (f32(0.0471), 2.0 ** -3, 2.0 ** -2, f32(0.031)):
                golden.add("requantize", f"zp{zero_point}_{type_name}_s{y_scale:.3g}", x=every, x_scale=2.0 ** -4,
                           x_zero_point=zero_point, y_scale=y_scale, y_zero_point=(zero_point + 77) % 256 + shift,
                           type=type_name)
    for low, high in RANGES:
        ranges(golden, low, high)
    for index in range(30):
        inputs = golden.inputs("choose_qparams", f"random{index}")
        bounds = inputs.normal(2, spread=10.0 ** (index % 5 - 2)).sort().values
        ranges(golden, bounds[0].item(), bounds[1].item())


def real(golden, type_name, zero_point):
    inputs = golden.inputs("quantize_per_tensor", f"{type_name}_zp{zero_point}")
    special = [float("inf"), float("-inf"), 3.4e38, -3.4e38, 1e30, -1e30, 2147483520.0, -2147483648.0, 2147483647.0,
               1.1e9, -1.1e9, 1e-45, -1e-45, 0.0, -0.0]
    for scale in (0.5, f32(0.0471), f32(0.00214854861)):
        common = dict(scale=scale, zero_point=zero_point, type=type_name)
        spread = 300 * scale
        golden.add("quantize_per_tensor", f"{type_name}_zp{zero_point}_s{scale:.3g}",
                   x=torch.cat([inputs.uniform(131, low=-spread, high=spread), torch.tensor([0.273939937])]), **common)
        ties = (torch.arange(-601, 602, 2) * 0.5 * scale).to(torch.float32)
        golden.add("quantize_per_tensor", f"{type_name}_zp{zero_point}_s{scale:.3g}_ties", x=ties, **common)
        if type_name != "s32":
            golden.add("quantize_per_tensor", f"{type_name}_zp{zero_point}_s{scale:.3g}_special",
                       x=torch.tensor(special * 3), **common)


def per_channel(golden, type_name):
    shift = 0 if type_name == "u8" else -128
    for shape, axis in (((5, 7), 0), ((4, 9), 1), ((2, 67, 3), 1), ((2, 5, 4, 3), 1), ((3, 2, 3, 3), 0), ((6, 17), 0)):
        name = f"{type_name}_{'x'.join(map(str, shape))}_axis{axis}"
        inputs = golden.inputs("quantize_per_channel", name)
        count = shape[axis]
        scales, zero_points = inputs.scales(count), inputs.integers(0, 255, (count,), torch.int64) + shift
        golden.add("quantize_per_channel", name, x=inputs.normal(*shape), scales=scales, zero_points=zero_points,
                   axis=axis, type=type_name)
        x = inputs.u8(*shape) if type_name == "u8" else inputs.s8(*shape)
        golden.add("dequantize_per_channel", name, x=x, scales=scales, zero_points=zero_points, axis=axis)
        if type_name == "u8":
            golden.add("quantize_per_channel_float_qparams", name, x=inputs.normal(*shape),
                       scales=scales.to(torch.float32), zero_points=inputs.uniform(count, low=0.0, high=255.0),
                       axis=axis)


def ranges(golden, low, high):
    inputs = golden.inputs("choose_qparams", f"{low:g}_{high:g}")
    x = torch.cat([torch.tensor([low, high]), inputs.uniform(9, low=0.0, high=1.0)])
    x[2:] = x[0] + (x[1] - x[0]) * x[2:] if high - low < 1e38 else x[0]
    for reduce_range in (False, True):
        name = f"{low:g}_{high:g}{'_reduced' if reduce_range else ''}"
        golden.add("choose_qparams", name, x=x, reduce_range=reduce_range)
        for type_name in ("u8", "s8"):
            golden.add("quantize_per_tensor_dynamic", f"{name}_{type_name}", x=x, type=type_name,
                       reduce_range=reduce_range)

# SPDX-License-Identifier: Apache-2.0
from typing import List

import torch
from torch import Tensor

from inputs import ZERO_POINTS, f32
from registry import operator, per_tensor, quantized


@operator("y", "y_scale", "y_zero_point")
def relu(x: Tensor, x_scale: float, x_zero_point: int) -> List[Tensor]:
    return quantized(torch.relu(per_tensor(x, x_scale, x_zero_point)))


@operator("y", "y_scale", "y_zero_point")
def relu6(x: Tensor, x_scale: float, x_zero_point: int) -> List[Tensor]:
    return quantized(torch.ops.quantized.relu6(per_tensor(x, x_scale, x_zero_point), False))


@operator("y", "y_scale", "y_zero_point")
def clamp(x: Tensor, x_scale: float, x_zero_point: int, low: float, high: float) -> List[Tensor]:
    return quantized(torch.ops.quantized.clamp(per_tensor(x, x_scale, x_zero_point), low, high))


@operator("y", "y_scale", "y_zero_point")
def hardtanh(x: Tensor, x_scale: float, x_zero_point: int, low: float, high: float) -> List[Tensor]:
    return quantized(torch._C._nn.hardtanh(per_tensor(x, x_scale, x_zero_point), low, high))


@operator("y")
def leaky_relu(x: Tensor, x_scale: float, x_zero_point: int, slope: float, y_scale: float,
               y_zero_point: int) -> List[Tensor]:
    qx = per_tensor(x, x_scale, x_zero_point)
    return [torch.ops.quantized.leaky_relu(qx, slope, False, y_scale, y_zero_point).int_repr()]


@operator("y")
def elu(x: Tensor, x_scale: float, x_zero_point: int, alpha: float, scale: float, input_scale: float, y_scale: float,
        y_zero_point: int) -> List[Tensor]:
    qx = per_tensor(x, x_scale, x_zero_point)
    return [torch.ops.quantized.elu(qx, y_scale, y_zero_point, alpha, scale, input_scale).int_repr()]


@operator("y")
def celu(x: Tensor, x_scale: float, x_zero_point: int, alpha: float, y_scale: float,
         y_zero_point: int) -> List[Tensor]:
    qx = per_tensor(x, x_scale, x_zero_point)
    return [torch.ops.quantized.celu(qx, y_scale, y_zero_point, alpha).int_repr()]


@operator("y")
def hardswish(x: Tensor, x_scale: float, x_zero_point: int, y_scale: float, y_zero_point: int) -> List[Tensor]:
    return [torch.ops.quantized.hardswish(per_tensor(x, x_scale, x_zero_point), y_scale, y_zero_point).int_repr()]


@operator("y", "y_scale", "y_zero_point")
def hardsigmoid(x: Tensor, x_scale: float, x_zero_point: int) -> List[Tensor]:
    return quantized(torch._C._nn.hardsigmoid(per_tensor(x, x_scale, x_zero_point)))


@operator("y", "y_scale", "y_zero_point")
def sigmoid(x: Tensor, x_scale: float, x_zero_point: int) -> List[Tensor]:
    return quantized(torch.sigmoid(per_tensor(x, x_scale, x_zero_point)))


@operator("y")
def sigmoid_scaled(x: Tensor, x_scale: float, x_zero_point: int, y_scale: float, y_zero_point: int) -> List[Tensor]:
    return [torch.ops.quantized.sigmoid(per_tensor(x, x_scale, x_zero_point), y_scale, y_zero_point).int_repr()]


@operator("y", "y_scale", "y_zero_point")
def tanh(x: Tensor, x_scale: float, x_zero_point: int) -> List[Tensor]:
    return quantized(torch.tanh(per_tensor(x, x_scale, x_zero_point)))


@operator("y", "y_scale", "y_zero_point")
def gelu(x: Tensor, x_scale: float, x_zero_point: int, approximate: str) -> List[Tensor]:
    return quantized(torch._C._nn.gelu(per_tensor(x, x_scale, x_zero_point), approximate=approximate))


@operator("y")
def softmax(x: Tensor, x_scale: float, x_zero_point: int, dim: int, y_scale: float, y_zero_point: int) -> List[Tensor]:
    qx = per_tensor(x, x_scale, x_zero_point)
    return [torch.ops.quantized.softmax(qx, dim, y_scale, y_zero_point).int_repr()]


@operator("y")
def prelu(x: Tensor, x_scale: float, x_zero_point: int, weight: Tensor, weight_scale: float, weight_zero_point: int,
          y_scale: float, y_zero_point: int) -> List[Tensor]:
    qx, qw = per_tensor(x, x_scale, x_zero_point), per_tensor(weight, weight_scale, weight_zero_point)
    return [torch.ops.quantized.prelu(qx, qw, y_scale, y_zero_point).int_repr()]


@operator("y", "y_scale", "y_zero_point")
def threshold(x: Tensor, x_scale: float, x_zero_point: int, limit: float, value: float) -> List[Tensor]:
    return quantized(torch.ops.quantized.threshold(per_tensor(x, x_scale, x_zero_point), limit, value))


def cases(golden):
    # all 256 values and 3 more, so that a vectorised body has a tail
    every = torch.cat([torch.arange(256), torch.tensor([0, 128, 255])]).to(torch.uint8)
    for scale in (2.0 ** -5, f32(0.047), f32(0.3)):
        for zero_point in ZERO_POINTS:
            tabulated(golden, f"s{scale:.4g}_zp{zero_point}", dict(x=every, x_scale=scale, x_zero_point=zero_point))
    for rows, columns, dim in ((1, 10, 1), (3, 67, 1), (5, 2, 1), (2, 257, 1), (4, 9, 0), (6, 1, 1)):
        for y_scale, y_zero_point in ((2.0 ** -8, 0), (f32(0.0061), 17)):
            name = f"{rows}x{columns}_dim{dim}_zp{y_zero_point}"
            inputs = golden.inputs("softmax", name)
            golden.add("softmax", name, x=inputs.u8(rows, columns), x_scale=inputs.scale(),
                       x_zero_point=inputs.zero_point(),
                       dim=dim, y_scale=y_scale, y_zero_point=y_zero_point)
    for name, shape, count in (("one", (3, 7, 5), 1), ("channels", (2, 7, 3, 5), 7)):
        inputs = golden.inputs("prelu", name)
        golden.add("prelu", name, x=inputs.u8(*shape), x_scale=inputs.scale(), x_zero_point=inputs.zero_point(),
                   weight=inputs.u8(count), weight_scale=f32(0.011), weight_zero_point=128, y_scale=inputs.scale(),
                   y_zero_point=inputs.zero_point())


def tabulated(golden, name, x):
    for operator_name in ("relu", "relu6", "hardsigmoid", "sigmoid", "tanh"):
        golden.add(operator_name, name, **x)
    for low, high in ((-1.0, 1.0), (0.5, 2.0), (f32(-0.3), f32(6.1))):
        golden.add("clamp", f"{name}_{low:g}_{high:g}", low=low, high=high, **x)
        golden.add("hardtanh", f"{name}_{low:g}_{high:g}", low=low, high=high, **x)
    golden.add("threshold", name, limit=f32(0.3), value=f32(0.1), **x)
    for approximate in ("none", "tanh"):
        golden.add("gelu", f"{name}_{approximate}", approximate=approximate, **x)
    for y_scale, y_zero_point in ((2.0 ** -8, 0), (f32(0.0061), 31)):
        golden.add("sigmoid_scaled", f"{name}_to{y_zero_point}", y_scale=y_scale, y_zero_point=y_zero_point, **x)
    for y_scale, y_zero_point in ((x["x_scale"], x["x_zero_point"]), (f32(0.0311), 31)):
        y = dict(y_scale=y_scale, y_zero_point=y_zero_point)
        case = f"{name}_to{y_zero_point}_{y_scale:.3g}"
        golden.add("hardswish", case, **x, **y)
        golden.add("leaky_relu", case, slope=f32(0.01), **x, **y)
        golden.add("leaky_relu", case + "_slope", slope=f32(0.3), **x, **y)
        golden.add("elu", case, alpha=1.0, scale=1.0, input_scale=1.0, **x, **y)
        golden.add("elu", case + "_scaled", alpha=f32(1.7), scale=f32(1.1), input_scale=f32(0.9), **x, **y)
        golden.add("celu", case, alpha=f32(1.3), **x, **y)

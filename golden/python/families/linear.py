# SPDX-License-Identifier: Apache-2.0
from typing import List, Optional

import torch
from torch import Tensor

from inputs import ZERO_POINTS, f32, output_scale, real_weight
from registry import operator, per_tensor, weight_tensor


@operator("y")
def linear(x: Tensor, x_scale: float, x_zero_point: int, weight: Tensor, weight_scales: Tensor,
           weight_zero_points: Tensor, weight_axis: int, bias: Optional[Tensor], y_scale: float, y_zero_point: int,
           relu: bool) -> List[Tensor]:
    qx = per_tensor(x, x_scale, x_zero_point)
    packed = torch.ops.quantized.linear_prepack(
        weight_tensor(weight, weight_scales, weight_zero_points, weight_axis), bias)
    if relu:
        return [torch.ops.quantized.linear_relu(qx, packed, y_scale, y_zero_point).int_repr()]
    return [torch.ops.quantized.linear(qx, packed, y_scale, y_zero_point).int_repr()]


@operator("y")
def linear_dynamic(x: Tensor, weight: Tensor, weight_scales: Tensor, weight_zero_points: Tensor, weight_axis: int,
                   bias: Optional[Tensor], relu: bool, reduce_range: bool) -> List[Tensor]:
    packed = torch.ops.quantized.linear_prepack(
        weight_tensor(weight, weight_scales, weight_zero_points, weight_axis), bias)
    if relu:
        return [torch.ops.quantized.linear_relu_dynamic(x, packed, reduce_range)]
    return [torch.ops.quantized.linear_dynamic(x, packed, reduce_range)]


def cases(golden):
    shapes = [(1, 1, 1), (1, 67, 33), (3, 17, 5), (2, 64, 16), (5, 31, 9), (4, 8, 67), (7, 65, 24), (1, 128, 10)]
    for index, (m, k, n) in enumerate(shapes):
        for axis in (-1, 0):
            for relu in (False, True):
                for zero_point in (ZERO_POINTS[index % 5], ZERO_POINTS[(index + 2 + axis) % 5]):
                    static(golden, m, k, n, axis, relu, zero_point, bias=(index + relu) % 3 != 0)
    for zero_point in ZERO_POINTS:
        for shift in (1, 2, 3, 5):
            ties(golden, shift, zero_point)
    static(golden, 3, 19, 7, -1, False, 77, bias=True, weight_zero_point=3)
    static(golden, 3, 19, 7, -1, True, 77, bias=True, weight_zero_point=-128)
    static(golden, 3, 19, 7, -1, False, 255, bias=False, weight_zero_point=127)
    static(golden, 3, 19, 7, 0, False, 5, bias=True, weight_zero_point=None)
    saturation(golden)
    for axis in (-1, 0):
        for relu in (False, True):
            for index, (m, k, n) in enumerate(shapes):
                dynamic(golden, m, k, n, axis, relu, bias=index % 3 != 0, reduce_range=False)
                if index % 3 == 1:
                    dynamic(golden, m, k, n, axis, relu, bias=True, reduce_range=True)
    for name, low, high in (("positive", 0.5, 6.0), ("negative", -3.0, -0.25), ("symmetric", -1.0, 1.0),
                            ("tiny", -1e-6, 1e-6), ("huge", -1e30, 1e30), ("zero", 0.0, 0.0)):
        dynamic(golden, 3, 29, 7, 0, False, True, False, name, low, high)


def weights(inputs, n, k, axis, weight_zero_point=0):
    count = n if axis >= 0 else 1
    if weight_zero_point is None:
        zero_points = inputs.integers(-9, 9, (count,), torch.int64)
    else:
        zero_points = torch.full((count,), weight_zero_point, dtype=torch.int64)
    return inputs.s8(n, k), inputs.scales(count), zero_points


def static(golden, m, k, n, axis, relu, x_zero_point, bias, weight_zero_point=0):
    name = f"{m}x{k}x{n}{'_channel' if axis >= 0 else ''}{'_relu' if relu else ''}_zp{x_zero_point}"
    name += f"{'_bias' if bias else ''}{'' if weight_zero_point == 0 else f'_wzp{weight_zero_point}'}"
    inputs = golden.inputs("linear", name)
    x, x_scale = inputs.u8(m, k), inputs.scale()
    weight, scales, zero_points = weights(inputs, n, k, axis, weight_zero_point)
    y_zero_point = inputs.zero_point()
    b = inputs.normal(n, spread=3.0) if bias else None
    real = (x.double() - x_zero_point) * x_scale @ real_weight(weight, scales, zero_points, axis if n > 0 else -1).T
    golden.add("linear", name, x=x, x_scale=x_scale, x_zero_point=x_zero_point, weight=weight, weight_scales=scales,
               weight_zero_points=zero_points, weight_axis=axis, bias=b, y_scale=output_scale(real, y_zero_point),
               y_zero_point=y_zero_point, relu=relu)


def ties(golden, shift, y_zero_point):
    """Powers of two, so that acc * 2^-shift is a tie for every odd multiple of 2^(shift-1)."""
    name = f"ties_shift{shift}_zp{y_zero_point}"
    inputs = golden.inputs("linear", name)
    golden.add("linear", name, x=inputs.u8(6, 5, low=118, high=138), x_scale=2.0 ** -3, x_zero_point=128,
               weight=inputs.s8(37, 5, low=-2 - 2 * shift, high=2 + 2 * shift),
               weight_scales=torch.tensor([2.0 ** -4], dtype=torch.float64),
               weight_zero_points=torch.tensor([0]), weight_axis=-1, bias=None, y_scale=2.0 ** (shift - 7),
               y_zero_point=y_zero_point, relu=False)


def saturation(golden):
    """Pairs 255*127 and 255*-128: an engine that adds them in 16 bits saturates."""
    weight = torch.tensor([[127] * 66, [-128] * 66, [127, -128] * 33, [127, 127, -128, -128] * 16 + [127, 127]],
                          dtype=torch.int8)
    for value in (255, 128, 127):
        golden.add("linear", f"saturation_{value}", x=torch.full((2, 66), value, dtype=torch.uint8), x_scale=2.0 ** -8,
                   x_zero_point=0, weight=weight, weight_scales=torch.tensor([2.0 ** -7], dtype=torch.float64),
                   weight_zero_points=torch.tensor([0]), weight_axis=-1, bias=None, y_scale=f32(0.51),
                   y_zero_point=127, relu=False)


def dynamic(golden, m, k, n, axis, relu, bias, reduce_range, range_name=None, low=-2.5, high=4.0):
    name = f"{m}x{k}x{n}{'_channel' if axis >= 0 else ''}{'_relu' if relu else ''}{'_bias' if bias else ''}"
    name += f"{'_reduced' if reduce_range else ''}{'' if range_name is None else '_' + range_name}"
    inputs = golden.inputs("linear_dynamic", name)
    x = inputs.uniform(m, k, low=low, high=high)
    x[0, 0], x[-1, -1] = low, high
    weight, scales, zero_points = weights(inputs, n, k, axis)
    golden.add("linear_dynamic", name, x=x, weight=weight, weight_scales=scales, weight_zero_points=zero_points,
               weight_axis=axis, bias=inputs.normal(n) if bias else None, relu=relu, reduce_range=reduce_range)

# SPDX-License-Identifier: Apache-2.0
from typing import List, Optional

import torch
from torch import Tensor

from inputs import ZERO_POINTS, f32, output_scale, real_weight
from registry import ints, operator, per_tensor, weight_tensor


@operator("y")
def conv1d(x: Tensor, x_scale: float, x_zero_point: int, weight: Tensor, weight_scales: Tensor,
           weight_zero_points: Tensor, weight_axis: int, bias: Optional[Tensor], stride: Tensor, padding: Tensor,
           dilation: Tensor, groups: int, y_scale: float, y_zero_point: int, relu: bool) -> List[Tensor]:
    qx = per_tensor(x, x_scale, x_zero_point)
    qw = weight_tensor(weight, weight_scales, weight_zero_points, weight_axis)
    packed = torch.ops.quantized.conv1d_prepack(qw, bias, ints(stride), ints(padding), ints(dilation), groups)
    if relu:
        return [torch.ops.quantized.conv1d_relu(qx, packed, y_scale, y_zero_point).int_repr()]
    return [torch.ops.quantized.conv1d(qx, packed, y_scale, y_zero_point).int_repr()]


@operator("y")
def conv2d(x: Tensor, x_scale: float, x_zero_point: int, weight: Tensor, weight_scales: Tensor,
           weight_zero_points: Tensor, weight_axis: int, bias: Optional[Tensor], stride: Tensor, padding: Tensor,
           dilation: Tensor, groups: int, y_scale: float, y_zero_point: int, relu: bool) -> List[Tensor]:
    qx = per_tensor(x, x_scale, x_zero_point)
    qw = weight_tensor(weight, weight_scales, weight_zero_points, weight_axis)
    packed = torch.ops.quantized.conv2d_prepack(qw, bias, ints(stride), ints(padding), ints(dilation), groups)
    if relu:
        return [torch.ops.quantized.conv2d_relu(qx, packed, y_scale, y_zero_point).int_repr()]
    return [torch.ops.quantized.conv2d(qx, packed, y_scale, y_zero_point).int_repr()]


@operator("y")
def conv3d(x: Tensor, x_scale: float, x_zero_point: int, weight: Tensor, weight_scales: Tensor,
           weight_zero_points: Tensor, weight_axis: int, bias: Optional[Tensor], stride: Tensor, padding: Tensor,
           dilation: Tensor, groups: int, y_scale: float, y_zero_point: int, relu: bool) -> List[Tensor]:
    qx = per_tensor(x, x_scale, x_zero_point)
    qw = weight_tensor(weight, weight_scales, weight_zero_points, weight_axis)
    packed = torch.ops.quantized.conv3d_prepack(qw, bias, ints(stride), ints(padding), ints(dilation), groups)
    if relu:
        return [torch.ops.quantized.conv3d_relu(qx, packed, y_scale, y_zero_point).int_repr()]
    return [torch.ops.quantized.conv3d(qx, packed, y_scale, y_zero_point).int_repr()]


# batch, in channels, out channels, spatial, kernel, stride, padding, dilation, groups
CONV1D = [
    (1, 3, 5, [17], [3], [1], [1], [1], 1),
    (2, 7, 33, [13], [5], [2], [2], [1], 1),
    (1, 16, 8, [21], [3], [1], [2], [2], 4),
    (1, 19, 19, [11], [3], [1], [1], [1], 19),
    (1, 64, 9, [5], [1], [1], [0], [1], 1),
    (1, 4, 6, [16], [4], [3], [0], [1], 2),
]
CONV2D = [
    (1, 3, 8, [9, 11], [3, 3], [1, 1], [1, 1], [1, 1], 1),
    (2, 3, 17, [7, 6], [3, 3], [2, 2], [1, 1], [1, 1], 1),
    (1, 5, 9, [8, 7], [2, 3], [1, 2], [0, 1], [1, 1], 1),
    (1, 16, 16, [5, 5], [1, 1], [1, 1], [0, 0], [1, 1], 1),
    (1, 67, 13, [3, 4], [1, 1], [2, 1], [0, 0], [1, 1], 1),
    (1, 4, 6, [9, 9], [3, 3], [1, 1], [2, 2], [2, 2], 1),
    (1, 4, 6, [9, 8], [3, 2], [1, 1], [2, 0], [2, 3], 2),
    (1, 12, 24, [6, 5], [3, 3], [1, 1], [1, 1], [1, 1], 3),
    (1, 64, 64, [4, 4], [3, 3], [1, 1], [1, 1], [1, 1], 16),
    (1, 32, 32, [7, 7], [3, 3], [1, 1], [1, 1], [1, 1], 32),
    (1, 33, 33, [6, 7], [3, 3], [2, 2], [1, 1], [1, 1], 33),
    (1, 9, 9, [9, 8], [5, 5], [1, 1], [2, 2], [1, 1], 9),
    (1, 8, 8, [9, 9], [3, 3], [1, 1], [2, 2], [2, 2], 8),
    (1, 8, 16, [6, 6], [3, 3], [1, 1], [1, 1], [1, 1], 8),
    (1, 2, 3, [7, 13], [1, 7], [1, 1], [0, 3], [1, 1], 1),
    (1, 1, 1, [5, 5], [5, 5], [1, 1], [0, 0], [1, 1], 1),
]
CONV3D = [
    (1, 3, 5, [4, 5, 6], [3, 3, 3], [1, 1, 1], [1, 1, 1], [1, 1, 1], 1),
    (1, 4, 9, [5, 4, 5], [2, 3, 1], [2, 1, 2], [0, 1, 0], [1, 1, 1], 1),
    (1, 6, 4, [5, 5, 5], [3, 3, 3], [1, 1, 1], [2, 2, 2], [2, 2, 2], 2),
    (1, 7, 7, [3, 5, 4], [3, 3, 3], [1, 1, 1], [1, 1, 1], [1, 1, 1], 7),
    (1, 17, 8, [2, 3, 3], [1, 1, 1], [1, 1, 1], [0, 0, 0], [1, 1, 1], 1),
]
FLOAT_CONV = {1: torch.nn.functional.conv1d, 2: torch.nn.functional.conv2d, 3: torch.nn.functional.conv3d}


def cases(golden):
    for dims, shapes in ((1, CONV1D), (2, CONV2D), (3, CONV3D)):
        for index, shape in enumerate(shapes):
            for axis in (-1, 0):
                relu = (index + axis) % 2 == 0
                convolution(golden, dims, index, shape, axis, relu, ZERO_POINTS[(index + 2 * axis) % 5], index % 4 != 3)
    for zero_point in ZERO_POINTS:
        convolution(golden, 2, 100 + zero_point, CONV2D[1], 0, False, zero_point, True)
        convolution(golden, 2, 200 + zero_point, CONV2D[10], 0, False, zero_point, True)
        ties(golden, zero_point, 1)
        ties(golden, zero_point, 6)
    for weight_zero_point in (3, -128, 127):
        convolution(golden, 2, 300, CONV2D[2], -1, False, 77, True, weight_zero_point)
        convolution(golden, 2, 301, CONV2D[10], -1, False, 77, True, weight_zero_point)


def convolution(golden, dims, index, shape, axis, relu, x_zero_point, bias, weight_zero_point=0):
    batch, c_in, c_out, spatial, kernel, stride, padding, dilation, groups = shape
    operator_name = f"conv{dims}d"
    name = f"{index}_{c_in}to{c_out}_k{'x'.join(map(str, kernel))}_g{groups}{'_channel' if axis >= 0 else ''}"
    name += f"{'_relu' if relu else ''}{'_bias' if bias else ''}_zp{x_zero_point}"
    name += f"_wzp{weight_zero_point}" if weight_zero_point else ""
    inputs = golden.inputs(operator_name, name)
    x, x_scale = inputs.u8(batch, c_in, *spatial), inputs.scale()
    weight = inputs.s8(c_out, c_in // groups, *kernel)
    count = c_out if axis >= 0 else 1
    scales, zero_points = inputs.scales(count), torch.full((count,), weight_zero_point, dtype=torch.int64)
    y_zero_point = inputs.zero_point()
    real = FLOAT_CONV[dims]((x.double() - x_zero_point) * x_scale, real_weight(weight, scales, zero_points, axis), None,
                            stride, padding, dilation, groups)
    golden.add(operator_name, name, x=x, x_scale=x_scale, x_zero_point=x_zero_point, weight=weight,
               weight_scales=scales, weight_zero_points=zero_points, weight_axis=axis,
               bias=inputs.normal(c_out, spread=3.0) if bias else None, stride=stride, padding=padding,
               dilation=dilation, groups=groups, y_scale=output_scale(real, y_zero_point), y_zero_point=y_zero_point,
               relu=relu)


def ties(golden, y_zero_point, groups):
    name = f"ties_g{groups}_zp{y_zero_point}"
    inputs = golden.inputs("conv2d", name)
    golden.add("conv2d", name, x=inputs.u8(1, 6, 7, 7, low=120, high=136), x_scale=2.0 ** -3, x_zero_point=128,
               weight=inputs.s8(6, 6 // groups, 3, 3, low=-7, high=7),
               weight_scales=torch.tensor([2.0 ** -4], dtype=torch.float64), weight_zero_points=torch.tensor([0]),
               weight_axis=-1, bias=None, stride=[1, 1], padding=[1, 1], dilation=[1, 1], groups=groups,
               y_scale=f32(2.0 ** -5), y_zero_point=y_zero_point, relu=False)

# SPDX-License-Identifier: Apache-2.0
from typing import List, Optional

import torch
from torch import Tensor

from inputs import ZERO_POINTS, output_scale, real_weight
from registry import ints, operator, per_tensor, weight_tensor


@operator("y")
def conv_transpose1d(x: Tensor, x_scale: float, x_zero_point: int, weight: Tensor, weight_scales: Tensor,
                     weight_zero_points: Tensor, weight_axis: int, bias: Optional[Tensor], stride: Tensor,
                     padding: Tensor, output_padding: Tensor, dilation: Tensor, groups: int, y_scale: float,
                     y_zero_point: int) -> List[Tensor]:
    qx = per_tensor(x, x_scale, x_zero_point)
    qw = weight_tensor(weight, weight_scales, weight_zero_points, weight_axis)
    packed = torch.ops.quantized.conv_transpose1d_prepack(
        qw, bias, ints(stride), ints(padding), ints(output_padding), ints(dilation), groups)
    return [torch.ops.quantized.conv_transpose1d(qx, packed, y_scale, y_zero_point).int_repr()]


@operator("y")
def conv_transpose2d(x: Tensor, x_scale: float, x_zero_point: int, weight: Tensor, weight_scales: Tensor,
                     weight_zero_points: Tensor, weight_axis: int, bias: Optional[Tensor], stride: Tensor,
                     padding: Tensor, output_padding: Tensor, dilation: Tensor, groups: int, y_scale: float,
                     y_zero_point: int) -> List[Tensor]:
    qx = per_tensor(x, x_scale, x_zero_point)
    qw = weight_tensor(weight, weight_scales, weight_zero_points, weight_axis)
    packed = torch.ops.quantized.conv_transpose2d_prepack(
        qw, bias, ints(stride), ints(padding), ints(output_padding), ints(dilation), groups)
    return [torch.ops.quantized.conv_transpose2d(qx, packed, y_scale, y_zero_point).int_repr()]


@operator("y")
def conv_transpose3d(x: Tensor, x_scale: float, x_zero_point: int, weight: Tensor, weight_scales: Tensor,
                     weight_zero_points: Tensor, weight_axis: int, bias: Optional[Tensor], stride: Tensor,
                     padding: Tensor, output_padding: Tensor, dilation: Tensor, groups: int, y_scale: float,
                     y_zero_point: int) -> List[Tensor]:
    qx = per_tensor(x, x_scale, x_zero_point)
    qw = weight_tensor(weight, weight_scales, weight_zero_points, weight_axis)
    packed = torch.ops.quantized.conv_transpose3d_prepack(
        qw, bias, ints(stride), ints(padding), ints(output_padding), ints(dilation), groups)
    return [torch.ops.quantized.conv_transpose3d(qx, packed, y_scale, y_zero_point).int_repr()]


# in channels, out channels, spatial, kernel, stride, padding, output padding, dilation, groups
SHAPES = {
    1: [(5, 7, [9], [3], [2], [1], [1], [1], 1), (8, 6, [7], [4], [3], [0], [0], [1], 2),
        (16, 9, [6], [3], [1], [1], [0], [2], 1)],
    2: [(3, 8, [5, 6], [3, 3], [2, 2], [1, 1], [1, 1], [1, 1], 1),
        (8, 3, [4, 5], [2, 2], [2, 2], [0, 0], [0, 0], [1, 1], 1),
        (6, 9, [4, 4], [3, 2], [1, 2], [1, 0], [0, 1], [1, 1], 3),
        (17, 5, [3, 4], [4, 4], [2, 2], [1, 1], [0, 0], [1, 1], 1),
        (4, 5, [5, 4], [3, 3], [1, 1], [0, 0], [0, 0], [2, 2], 1),
        (8, 8, [4, 5], [3, 3], [2, 2], [1, 1], [0, 0], [1, 1], 8)],
    3: [(3, 4, [3, 3, 4], [2, 3, 3], [2, 1, 2], [0, 1, 1], [0, 0, 1], [1, 1, 1], 1),
        (4, 6, [2, 3, 3], [3, 3, 3], [2, 2, 2], [1, 1, 1], [1, 1, 1], [1, 1, 1], 2)],
}
FLOAT = {1: torch.nn.functional.conv_transpose1d, 2: torch.nn.functional.conv_transpose2d,
         3: torch.nn.functional.conv_transpose3d}


def cases(golden):
    for dims, shapes in SHAPES.items():
        for index, shape in enumerate(shapes):
            # PyTorch hands QNNPACK one scale per channel of a group, and it reads on beyond them
            for axis in (-1, 1) if shape[-1] == 1 else (-1,):
                transposed(golden, dims, index, shape, axis, ZERO_POINTS[(index + axis + 1) % 5], index % 3 != 2, 0)
    transposed(golden, 2, 10, SHAPES[2][0], -1, 77, True, 5)


def transposed(golden, dims, index, shape, axis, x_zero_point, bias, weight_zero_point):
    c_in, c_out, spatial, kernel, stride, padding, output_padding, dilation, groups = shape
    operator_name = f"conv_transpose{dims}d"
    name = f"{index}_{c_in}to{c_out}_g{groups}{'_channel' if axis >= 0 else ''}{'_bias' if bias else ''}"
    name += f"_zp{x_zero_point}" + (f"_wzp{weight_zero_point}" if weight_zero_point else "")
    inputs = golden.inputs(operator_name, name)
    x, x_scale = inputs.u8(1, c_in, *spatial), inputs.scale()
    weight = inputs.s8(c_in, c_out // groups, *kernel)
    count = c_out // groups if axis >= 0 else 1
    scales, zero_points = inputs.scales(count), torch.full((count,), weight_zero_point, dtype=torch.int64)
    y_zero_point = inputs.zero_point()
    real = FLOAT[dims]((x.double() - x_zero_point) * x_scale, real_weight(weight, scales, zero_points, axis), None,
                       stride, padding, output_padding, groups, dilation)
    golden.add(operator_name, name, x=x, x_scale=x_scale, x_zero_point=x_zero_point, weight=weight,
               weight_scales=scales, weight_zero_points=zero_points, weight_axis=axis,
               bias=inputs.normal(c_out, spread=3.0) if bias else None, stride=stride, padding=padding,
               output_padding=output_padding, dilation=dilation, groups=groups,
               y_scale=output_scale(real, y_zero_point), y_zero_point=y_zero_point)
